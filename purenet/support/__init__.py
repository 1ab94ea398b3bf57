"""What the other folders stand on: arguments, files, saved models, and arrays of other libraries."""
