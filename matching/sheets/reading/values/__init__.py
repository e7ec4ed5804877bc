"""What a cell says, by the type of its column. Nothing here knows sheets or rows."""
