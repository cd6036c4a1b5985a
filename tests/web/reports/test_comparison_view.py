from vaelab.evaluation import DEFINITIONS
from vaelab.web.reports.comparison_view import narrow

WIDEST = 36  # letters that the column holds


def test_every_figures_name_fits_and_stays_different():
    names = [definition.name.format(px="p(x)") for definition in DEFINITIONS.values()]
    short = [narrow(name) for name in names]
    assert [name for name in short if len(name) > WIDEST] == []
    assert len(set(short)) == len(set(names))


def test_alternatives_are_hinted_at():
    assert narrow("ELBO (one way) / ELBO (another)") == "ELBO (one way) / …"
    assert narrow("-log p(x|c) of it / -log p(x) of it") == "-log p(x)/p(x|c) of it"
