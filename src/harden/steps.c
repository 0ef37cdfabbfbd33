// SPDX-License-Identifier: MIT
/* The ordered table of all that granit gives up. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>

#include "harden/harden.h"
#include "sys/sys.h"

const struct harden_step harden_steps[] = {
	{"close-fds", harden_close_fds,
	 "an inherited descriptor leads past every mount and every check"},
	{"core-limit", harden_limit_core,
	 "a core file holds the program's secrets, and needs a place that can be written"},
	{"capabilities", harden_drop_caps,
	 "emptying the bounding set needs CAP_SETPCAP, so it comes before the other four sets"},
	{"no-new-privs", harden_set_no_new_privs,
	 "without capabilities, the one way back to them is a setuid file: this closes it"},
	{"read-back", harden_read_caps_back,
	 "what counts is what the kernel says afterwards, not what the calls returned"},
};

const size_t harden_steps_count = array_length(harden_steps);

int harden(const struct posture *s, int *keep, struct text *notes, struct text *err)
{
	struct harden h = {.status = s->status_trouble.tried ? NULL : &s->status, .keep = keep};

	for (size_t i = 0; i < harden_steps_count; i++) {
		const struct harden_step *step = &harden_steps[i];
		int r = step->run(&h);

		if (r < 0) {
			text_add(err, "hardening step %s failed: %s: %s", step->name, h.call,
				 strerror(-r));
			return r;
		}
		text_add(notes, "%s: %s\n", step->name, step->reason);
	}
	if (h.keeps_bounding)
		text_add(notes,
			 "capabilities: the bounding set is not empty, and the runtime left no "
			 "CAP_SETPCAP to empty it; no_new_privs keeps it out of reach\n");
	return 0;
}

void harden_foresee(const struct policy *p, const struct status *before, struct status *ret)
{
	bool keeps_bounding = !(before->caps[CAP_SET_EFFECTIVE] >> CAP_SETPCAP & 1);

	*ret = *before;
	if (!p->harden)
		return;
	for (size_t i = 0; i < CAP_SET_COUNT; i++)
		if (i != CAP_SET_BOUNDING || !keeps_bounding)
			ret->caps[i] = 0;
	ret->no_new_privs = 1;
}
