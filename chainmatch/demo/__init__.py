"""``make demo``: the whole of ChainMatch on one machine, started, watched and stopped as one."""
