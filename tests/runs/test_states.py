import pytest

from vaelab.runs.states import ACTIVE, TRANSITIONS, RunError, RunState, check_transition


def test_every_state_has_its_transitions():
    assert set(TRANSITIONS) == set(RunState)


@pytest.mark.parametrize("current", RunState)
@pytest.mark.parametrize("to", RunState)
def test_only_the_table_decides(current, to):
    if to in TRANSITIONS[current]:
        check_transition(current, to)
    else:
        with pytest.raises(RunError, match=f"is {current} cannot become {to}"):
            check_transition(current, to)


def test_every_run_ends_and_active_ones_can_stop():
    for state in RunState:
        assert state in ACTIVE or TRANSITIONS[state] <= {RunState.RUNNING}
    for state in ACTIVE:
        assert RunState.STOPPED in TRANSITIONS[state]
