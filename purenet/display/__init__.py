"""What a person looks at: pictures for a terminal, equations, and a page for a browser."""
