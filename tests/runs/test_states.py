import pytest

from vaelab.runs.states import (
    ACTIVE,
    RESUMABLE,
    TRANSITIONS,
    UNFINISHED,
    RunError,
    RunState,
    check_transition,
)


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


def test_every_run_can_be_stopped_and_ends():
    for state in UNFINISHED:
        assert RunState.STOPPED in TRANSITIONS[state]
    for state in set(RunState) - UNFINISHED:
        assert TRANSITIONS[state] <= {RunState.RUNNING, RunState.QUEUED}


def test_whatever_did_not_come_to_its_end_can_be_resumed():
    assert set(RunState) - ACTIVE - {RunState.DONE} == RESUMABLE
