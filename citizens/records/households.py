"""The class of a household for a year."""

from collections.abc import Sequence
from datetime import date, timedelta

from citizens.households import HouseholdRecognised
from citizens.models import Household, HouseholdRecognition
from citizens.records.act import Act, Fall, apply, undo


@apply.register
def _(effect: HouseholdRecognised, act: Act) -> None:
    """Under the household's lock; a class of the same year that still lasts ends the day before."""
    household = Household.objects.select_for_update(no_key=True).get(pk=effect.household, commune_id=act.commune_id)
    before = HouseholdRecognition.objects.filter(
        household=household,
        year=effect.year,
        valid_to__gte=effect.valid_from,
        valid_from__lt=effect.valid_from,
        fallen_on=None,
    )
    before.update(valid_to=effect.valid_from - timedelta(days=1))
    HouseholdRecognition.objects.create(
        commune_id=act.commune_id,
        household=household,
        review_id=effect.review,
        year=effect.year,
        national_class=effect.national_class,
        city_class=effect.city_class or "",
        standard=effect.standard,
        city_standard=effect.city_standard,
        indicators=list(effect.indicators),
        decision_number=act.numbers[effect.decision] if effect.decision else effect.decision_number,
        decided_on=effect.decided_on or act.on,
        certificate_number=act.numbers[effect.certificate],
        valid_from=effect.valid_from,
        valid_to=effect.valid_to,
        members=household.members.filter(left_on=None).count(),
        recorded_at=act.at,
        recorded_by=act.by,
    )


@undo.register
def _(effect: HouseholdRecognised, act: Act, fall: Fall) -> Sequence[str]:
    """The class of the year was none; the one that it had ended within the year lasts again."""
    household = Household.objects.select_for_update(no_key=True).get(pk=effect.household, commune_id=act.commune_id)
    lasting = HouseholdRecognition.objects.filter(household=household, year=effect.year, fallen_on=None)
    wrong = lasting.filter(certificate_number=act.numbers[effect.certificate]).last()
    if wrong is None:
        return ()
    HouseholdRecognition.objects.filter(pk=wrong.pk).update(fallen_on=fall.on)
    lasting.filter(valid_to=wrong.valid_from - timedelta(days=1)).exclude(pk=wrong.pk).update(
        valid_to=date(effect.year, 12, 31)
    )
    return ()
