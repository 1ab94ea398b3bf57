"""What the other rooms stand on: arguments, files, saved models, and arrays of other libraries."""
