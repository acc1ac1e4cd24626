"""``python -m degrade``."""

from degrade.cli.main import main

main()
