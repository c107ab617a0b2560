"""Which boards can run a network."""

from resource_models import Graph, GraphBuilder, board, boards
from resource_models.boards_that_fit import boards_that_fit


def network(filters: int) -> Graph:
    builder = GraphBuilder("net")
    x = builder.conv2d(builder.input((64, 64, 1)), filters, (3, 3))
    return builder.build(builder.dense(builder.flatten(builder.global_average_pool(x)), 10))


def test_every_board_has_a_verdict_and_those_that_fit_come_first():
    fits = boards_that_fit(network(8))
    assert {fit.board.id for fit in fits} == {item.id for item in boards()}
    verdicts = [fit.fits for fit in fits]
    assert verdicts == sorted(verdicts, key=[True, None, False].index)
    assert all(fit.reason for fit in fits)


def test_a_board_with_little_ram_says_what_lacks():
    (fit,) = boards_that_fit(network(16), candidates=[board("seeeduino-xiao")])
    assert fit.fits is False
    assert "bytes of RAM" in fit.reason
    assert fit.ram_left_bytes is not None
    assert fit.ram_left_bytes < 0


def test_reserve_counts_and_unknown_sizes_are_not_guessed():
    (fit,) = boards_that_fit(network(4), candidates=[board("nucleo-l4r5zi")], reserve_flash_bytes=1 << 30)
    if fit.flash_left_bytes is not None:
        assert fit.fits is False
    (fit,) = boards_that_fit(network(4), candidates=[board("alif-ensemble-e8")])
    assert fit.fits is None
