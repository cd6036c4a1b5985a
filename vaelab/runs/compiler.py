"""Where compiled steps are kept, so that the second run of a kind compiles in a few seconds."""

from __future__ import annotations

from collections.abc import MutableMapping

from vaelab import settings


def keep_compiled(environment: MutableMapping[str, str]) -> None:
    """Set what torch's compiler reads when it is imported; a variable that is set already stays.

    The folder is ours alone and not below `/tmp`, because what lies in it is executed. One
    process compiles: the pool of compilers that torch would start outlives a killed worker.
    """
    environment.setdefault("TORCHINDUCTOR_CACHE_DIR", str(settings.home() / "compiled"))
    environment.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")
