"""Show what was calculated and learned: in a terminal, as equations, and on a page for a browser."""
