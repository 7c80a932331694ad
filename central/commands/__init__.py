"""What the subcommands of `rekam central` do and print."""
