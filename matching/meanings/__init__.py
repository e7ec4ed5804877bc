"""What texts mean, as vectors of a model that an installation may set; nothing here runs without one."""
