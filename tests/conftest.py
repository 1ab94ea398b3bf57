"""How hard the properties are tried: as a matter of course, or with `--hypothesis-profile=thorough`."""

from hypothesis import settings

# Without a deadline: how long an example takes depends on the machine, not on the code.
settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=20_000)
settings.load_profile("default")
