import numpy as np
import pytest
from PIL import Image

from vaelab.web.figures import Backdrop, Mark, class_counts, latent_map, map_rows
from vaelab.web.image_figures import class_elbo, pixel_map, posterior_strip
from vaelab.web.palette import class_colours

RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(40, 2)).astype(np.float32)
LABELS = np.arange(40) % 3
NAMES = ("ant", "bee", "cat")


def test_every_point_is_drawn_once_in_the_trace_of_its_class():
    figure = latent_map(POINTS, LABELS, NAMES)
    assert [trace.name for trace in figure.data] == list(NAMES)
    for trace, rows in zip(figure.data, map_rows(LABELS, 40, 3), strict=True):
        np.testing.assert_array_equal(np.stack([trace.x, trace.y], axis=1), POINTS[rows])
        np.testing.assert_array_equal(trace.customdata, rows)
    everything = np.sort(np.concatenate(map_rows(LABELS, 40, 3)))
    np.testing.assert_array_equal(everything, np.arange(40))


def test_a_class_keeps_its_colour_when_another_has_no_points():
    some = LABELS != 1
    figure = latent_map(POINTS[some], LABELS[some], NAMES)
    assert [trace.marker.color for trace in figure.data] == class_colours(3)
    assert len(figure.data[1].x) == 0


def test_without_labels_there_is_one_trace_and_no_legend():
    figure = latent_map(POINTS)
    assert len(figure.data) == 1
    assert not figure.layout.showlegend


def test_a_backdrop_covers_its_ranges_and_lies_below():
    backdrop = Backdrop(Image.new("L", (4, 4)), (-1.0, 2.0), (-3.0, 1.0))
    (image,) = latent_map(POINTS, backdrop=backdrop).layout.images
    assert (image.x, image.y, image.sizex, image.sizey) == (-1.0, 1.0, 3.0, 4.0)
    assert image.layer == "below"


def test_a_mark_is_drawn_last_so_on_top():
    figure = latent_map(POINTS, LABELS, NAMES, marks=[Mark(0.5, -0.5, "this image")])
    assert figure.data[-1].name == "this image"
    assert (figure.data[-1].x[0], figure.data[-1].y[0]) == (0.5, -0.5)


@pytest.mark.parametrize(
    ("points", "labels", "names", "message"),
    [
        (np.zeros((3, 3)), None, (), "points must be"),
        (POINTS, LABELS[:5], NAMES, "labels must be of shape"),
        (POINTS, LABELS, NAMES[:2], "labels must lie in 0..1"),
    ],
)
def test_what_does_not_fit_is_refused(points, labels, names, message):
    with pytest.raises(ValueError, match=message):
        latent_map(points, labels, names)


def test_class_counts_leave_out_absent_classes_and_end_with_the_most_frequent():
    (bars,) = class_counts([0, 2, 2, 2, 0, 0, 0], NAMES).data
    assert list(bars.y) == ["cat", "ant"]
    assert list(bars.x) == [3, 4]
    assert list(bars.marker.color) == [class_colours(3)[2], class_colours(3)[0]]


def test_the_posterior_stands_over_its_band():
    mean, std = np.array([0.5, -1.0]), np.array([0.1, 0.2])
    band = (np.array([-1.0, -2.0]), np.array([1.0, 0.0]))
    bars, dots = posterior_strip(("z1", "z2"), mean, std, band, band_name="prior").data
    low = np.asarray(bars.base, float)
    np.testing.assert_allclose(low, band[0])
    np.testing.assert_allclose(low + np.asarray(bars.y), band[1])
    np.testing.assert_allclose(dots.y, mean)
    np.testing.assert_allclose(dots.error_y.array, std)


def test_a_point_code_has_no_error_bars():
    band = (np.zeros(2), np.ones(2))
    dots = posterior_strip(("z1", "z2"), np.zeros(2), None, band, band_name="codes").data[1]
    assert dots.error_y.array is None


def test_a_pixel_map_keeps_the_orientation_and_averages_channels():
    values = RNG.random((3, 4, 5))
    figure = pixel_map(values, side=196)
    np.testing.assert_allclose(figure.data[0].z, values.mean(axis=0), rtol=1e-6)
    assert figure.layout.yaxis.autorange == "reversed"
    assert figure.data[0].zmin == 0
    assert figure.layout.width == 196  # as the picture beside it
    assert pixel_map(np.zeros((4, 4)), side=96).data[0].zmax == 1
    with pytest.raises(ValueError, match="values must be"):
        pixel_map(np.zeros(4), side=96)


def test_the_class_that_is_shown_is_ringed():
    dots = class_elbo([-3.0, -1.0, -2.0], NAMES, chosen=2).data[0]
    assert list(dots.x) == [-3.0, -1.0, -2.0]
    assert list(dots.marker.line.width) == [0, 0, 3]


def test_without_webgl_nothing_needs_it():
    figure = latent_map(POINTS, LABELS, NAMES, webgl=False)
    assert {trace.type for trace in figure.data} == {"scatter"}
    assert {trace.type for trace in latent_map(POINTS, LABELS, NAMES).data} == {"scattergl"}
