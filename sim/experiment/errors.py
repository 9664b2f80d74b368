"""What can go wrong with a run that is neither the scenario's nor the model's fault."""


class FolderError(Exception):
    """The run folder cannot be used; the text says why and how to mend it."""
