"""What staff with a card in hand do about identities: compare, find, correct."""
