"""What a clerk does. Knows no Qt, HTTP, SQLite or PDF; ``ports`` says what it needs from outside."""
