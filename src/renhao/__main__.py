"""`python -m renhao` is `renhao`."""

from renhao.app import main

main()
