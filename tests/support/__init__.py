"""What the black-box tests share: a server to talk to, raw HTTP, tokens and a small test runner. Standard library
only."""
