# shellcheck shell=bash disable=SC2016,SC2154 # awk programs and Markdown in single quotes; the caller sets results, recorded, kind
# What is compared with what, and how far it may be off; and what was recorded last of the same kind of run.
#
# Expects: results, the folder of the figures' files; recorded, the file of the last figures (bench/results.tsv); kind, one
# line that says which runs can be compared; wanted FIGURE, true for those that were measured.

# kind|figure file|column|of|against (the best of several)|goal|unit|text
# Columns count from the name: 2 is a figure's first number.
# ratio: granit's number over the peer's; more: granit's number less the peer's; fact: granit's number itself.
# Against plain:N: column N of the same line.
goals() {
	cat <<'END'
ratio|images-warm|2|node+granit|node|1.05|ms|`runc run` of node, warm, against the same without granit
ratio|images-warm|2|postgres+granit|postgres|1.05|ms|the same of postgres
ratio|images-warm|2|python+granit|python|1.05|ms|the same of python
ratio|images-warm|2|nginx+granit|nginx|1.05|ms|the same of nginx
ratio|images-warm|2|caddy+granit|caddy|1.05|ms|the same of caddy, a server in Go
ratio|images-warm|2|worst+granit|worst|1.10|ms|the same of the image with the highest ratio
ratio|images-cold|2|node+granit|node|1.05|ms|`runc run` of node, cold, against the same without granit
ratio|images-cold|2|postgres+granit|postgres|1.05|ms|the same of postgres
ratio|images-cold|2|python+granit|python|1.05|ms|the same of python
ratio|images-cold|2|nginx+granit|nginx|1.05|ms|the same of nginx
ratio|images-cold|2|caddy+granit|caddy|1.05|ms|the same of caddy, a server in Go
ratio|images-warm|2|1-GB+granit|10-MB+granit|1.2|ms|a program of 1 GB behind granit, against one of 10 MB
fact|startup-docker|3|granit||1000000|us|start-up overhead, default profile, all of Docker's mounts
ratio|images-warm|2|empty+granit|empty|1.05|ms|`runc run` of an empty program, against the same without granit
ratio|mounts|2|1000|plain:3|2.0|us|what 1,000 mounts add to a start, against what they add to `cat /proc/self/mountinfo`
ratio|mounts|2|10000|plain:3|2.0|us|the same for 10,000 mounts: no step is quadratic
ratio|startup-host|3|granit-plain|dumb-init-musl|0.8|us|start-up overhead, `--profile=plain`, against dumb-init (musl)
ratio|tools|2|sleep|plain:3|1.3|us|`--sleep=0`, spawn to exit, against an empty static program
ratio|tools|2|probe|plain:3|1.3|us|`--probe=tcp:PORT`, against the same
ratio|tools|2|kill|plain:3|1.3|us|`--kill`, against the same
ratio|size|2|granit|tini-static|0.45|bytes|binary, against Debian's tini-static
ratio|size|2|granit, TOOLS=no|tini-static|0.35|bytes|binary of `make TOOLS=no`, against the same
ratio|resident|2|granit|tini-musl|1.0|kB|Private_Dirty of PID 1, default profile, against tini (musl)
fact|resident|4|granit|tini-musl|0|switches|wake-ups while idle, default profile (against tini: musl)
ratio|reap|2|granit|tini-musl,dumb-init-musl,tini-static|1.05|us|reaping 20,000 orphans, against the faster of tini, dumb-init
ratio|latency|2|granit-plain|tini-musl,dumb-init-musl,tini-static|1.05|us|signal to handler, plain, against the faster of tini, dumb-init
ratio|latency|2|granit|tini-musl,dumb-init-musl,tini-static|1.2|us|signal to handler, default with watch, against the same
ratio|content|2|scan|plain:3|1.4|us|content scan, full, warm, against `cat` of the same files
ratio|content|2|small-20|plain:3|1.2|us|100,000 files of 20 bytes, against `find -type f -perm /111`
ratio|content|2|small-1000|plain:3|1.2|us|100,000 files of 1,000 bytes, against the same
ratio|content|2|seal|plain:3|0.6|us|manifest check, warm, against `openssl dgst -sha256` of the same files
ratio|learn|2|learn|plain|1.02|us|`--learn`: opening and reading a file, against the same without
more|learn|3|learn|plain|25000|us|`--learn`: opening a file to write, against the same without
END
}

value() { # FIGURE NAME COLUMN
	[ -s "$results/$1" ] && awk -F'\t' -v name="$2" -v i="$3" '$1 == name { print $i }' "$results/$1"
}

best_peer() { # FIGURE NAME PEERS COLUMN
	local peer
	case $3 in
	plain:*) value "$1" "$2" "${3#plain:}" ;;
	*)
		for peer in ${3//,/ }; do
			value "$1" "$peer" "$4" || :
		done | sort -n | head -n 1
		;;
	esac
}

# The number that was judged when this kind of run was recorded last, or nothing.
last_of() { # KEY
	[ ! -s "$recorded" ] || awk -F'\t' -v kind="$kind" -v key="$1" '$1 == kind && $2 == key { print $3 }' "$recorded"
}

# One line a goal: its key, the number that is judged, its last one, met or MISSED, worse or nothing; and the row of the table.
# What was measured has its key in results/judged, with met or MISSED and whether it is worse.
judge() {
	local sort figure column name peers goal unit text key
	while IFS='|' read -r sort figure column name peers goal unit text; do
		wanted "${figure%-*}" || continue
		key=$figure:$name:$column
		awk -v sort="$sort" -v mine="$(value "$figure" "$name" "$column" || :)" -v goal="$goal" -v unit="$unit" -v text="$text" \
			-v theirs="$(best_peer "$figure" "$name" "$peers" "$column" || :)" -v last="$(last_of "$key")" -v key="$key" '
			function shown(x) {
				return x == "" ? "" : unit == "us" ? sprintf("%.1f µs", x / 1000) : unit == "ms" ? sprintf("%.1f ms", x / 1e6) : x " " unit
			}
			function judged(x) {
				return x == "" ? "" : sort == "ratio" ? sprintf("%.2f", x) : sort == "more" ? "+" shown(x) : shown(x)
			}
			BEGIN {
				number = ""
				if (mine != "" && sort == "fact") number = mine
				else if (mine != "" && sort == "more" && theirs != "") number = mine - theirs
				else if (mine != "" && theirs + 0 > 0) number = mine / theirs
				verdict = number == "" ? "not measured" : number + 0 <= goal + 0 ? "met" : "MISSED"
				# By a tenth.
				worse = number != "" && last != "" && number - last > (last < 0 ? -last : last) / 10 ? "worse" : ""
				printf "%s\t%s\t%s\t%s\t| %s | %s | %s | %s | ≤ %s | %s | %s%s |\n", key, number, verdict, worse, text, shown(mine), shown(theirs),
					sort == "fact" ? "" : judged(number), sort == "ratio" ? goal : judged(goal), judged(last), verdict, worse == "" ? "" : ", WORSE"
			}'
	done < <(goals) >"$results/judged"
}

show_goals() {
	judge
	printf '\n### Goals\n\n| figure | granit | peer | ratio | goal | last | |\n|---|--:|--:|--:|--:|--:|---|\n'
	cut -f 5 "$results/judged"
}

# The last line of the report.
show_count() {
	awk -F'\t' '
		{ n[$3]++; n[$4]++ }
		END {
			printf "\n%d goals met, %d missed, %d not measured; worse than recorded by 10 %% or more: %d\n",
				n["met"], n["MISSED"], n["not measured"], n["worse"]
		}' "$results/judged"
}

# What was measured takes the place of what was recorded of the same kind; the rest stays.
record() {
	local new=$results/recorded
	[ -e "$recorded" ] || : >"$recorded"
	awk -F'\t' -v OFS='\t' -v kind="$kind" '
		NR == FNR { if ($2 != "") { print kind, $1, $2; here[kind, $1] } next }
		!(($1, $2) in here)' "$results/judged" "$recorded" | sort >"$new"
	cp "$new" "$recorded"
}

# For a terminal: red what is worse.
in_colour() {
	sed -e $'s/^|.*, WORSE |$/\e[31m&\e[0m/' -e $'s/worse than recorded by 10 % or more: [1-9].*/\e[31m&\e[0m/'
}
