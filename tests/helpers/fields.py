# SPDX-License-Identifier: MIT
"""Holds a value to the fields that it may have, and to their types."""


def check(value, wanted, where):
    if isinstance(wanted, dict):
        assert isinstance(value, dict), (where, value)
        for key in value:
            assert key in wanted, (where, key)
            check(value[key], wanted[key], where + "." + key)
    elif isinstance(wanted, list):
        assert isinstance(value, list) and value, (where, value)
        for item in value:
            check(item, wanted[0], where + "[]")
    else:
        assert type(value) is wanted, (where, value)
