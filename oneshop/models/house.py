"""Communes and counters, the officers, their shifts, the opening hours, and the diary of what was done."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from oneshop import walls
from oneshop.roles import Role


class Commune(models.Model):
    """A unit that issues, signs and owns books, living or past.

    A national unit code may name another unit after a merger (09931 was Cộng Hòa and is Hưng Đạo), so it is unique
    only among the living; names are dated rows.
    """

    code = models.CharField("mã đơn vị hành chính", max_length=5)
    agency_code = models.CharField("mã cơ quan (trong mã hồ sơ)", max_length=35, blank=True)
    opened_on = models.DateField("ngày thành lập")
    closed_on = models.DateField("ngày giải thể", null=True, blank=True)
    is_served = models.BooleanField("có bộ phận một cửa trong hệ thống", default=False)
    telephone = models.CharField("điện thoại", max_length=30, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_on=None), name="living_commune_has_its_own_code"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{5}$"), name="commune_code_has_five_digits"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")), name="commune_closes_after_it_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.opened_on:%Y})"

    def name_on(self, day: date) -> CommuneName:
        """The row that names this commune on `day`; its first name for an earlier day."""
        names = sorted(self.names.all(), key=lambda name: name.valid_from)
        return next((name for name in reversed(names) if name.valid_from <= day), names[0])


class CommuneName(models.Model):
    """What a commune is called from a day on. `above` is data: before July 2025 it also held the district."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="names")
    kind = models.CharField("loại", max_length=30)
    name = models.CharField("tên", max_length=100)
    above = models.CharField("đơn vị cấp trên, cách nhau bằng dấu phẩy", max_length=200)
    valid_from = models.DateField("từ ngày")
    document = models.CharField("văn bản", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "valid_from"], name="commune_has_one_name_a_day"),
        ]

    def __str__(self) -> str:
        return self.full

    @property
    def full(self) -> str:
        """`Xã Quốc Oai`."""
        return f"{self.kind} {self.name}"

    @property
    def issuer(self) -> str:
        """`ỦY BAN NHÂN DÂN XÃ QUỐC OAI`, as in the head of a paper."""
        return f"ỦY BAN NHÂN DÂN {self.full}".upper()

    @property
    def office(self) -> str:
        """`Ủy ban nhân dân xã Quốc Oai, thành phố Hà Nội`, as within a sentence of a paper."""
        parts = [self.full, *(part.strip() for part in self.above.split(",") if part.strip())]
        return "Ủy ban nhân dân " + ", ".join(part[0].lower() + part[1:] for part in parts)

    @property
    def address(self) -> str:
        """`Xã Quốc Oai, Thành phố Hà Nội`."""
        return f"{self.full}, {self.above}"


class Succession(models.Model):
    """Which unit went into which: where the people and the books of an old commune are today."""

    former = models.ForeignKey(Commune, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Commune, models.PROTECT, related_name="predecessions")
    on = models.DateField("từ ngày")
    takes_people = models.BooleanField("kèm dân cư", default=True)
    document = models.CharField("văn bản", max_length=200)
    confirmed = models.BooleanField("đã xác minh", default=True)

    def __str__(self) -> str:
        return f"{self.former} → {self.successor}"


class Counter(models.Model):
    """Where the citizen comes: điểm phục vụ hành chính công. One or more a commune (decisions.md 1)."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="counters")
    name = models.CharField("tên", max_length=150)
    address = models.CharField("địa chỉ", max_length=250, blank=True)
    is_open = models.BooleanField("đang hoạt động", default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commune", "name"], name="counter_name_is_its_own")]

    def __str__(self) -> str:
        return self.name


class Officers(BaseUserManager["Officer"]):
    def create_officer(self, username: str, password: str, **facts: Any) -> Officer:
        officer = self.model(username=username, **facts)
        officer.set_password(password)
        officer.save(using=self._db)
        return officer


class Officer(AbstractBaseUser):
    """Someone who works here. Belongs to a commune, or to the monitoring office and to none."""

    last_login = None  # the diary tells it, and a log-in stays a read

    username = models.CharField("tên đăng nhập", max_length=50, unique=True)
    full_name = models.CharField("họ và tên", max_length=100)
    commune = models.ForeignKey(Commune, models.PROTECT, null=True, blank=True, related_name="officers")
    counter = models.ForeignKey(
        Counter, models.PROTECT, null=True, blank=True, related_name="officers", verbose_name="quầy"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), verbose_name="vai trò")
    position = models.CharField("chức vụ", max_length=100, blank=True)
    signs_as = models.CharField("dòng chức danh khi ký, cách nhau bằng dấu |", max_length=100, blank=True)
    identity_number = models.CharField("số định danh cá nhân", max_length=12, blank=True)
    relatives = ArrayField(
        models.CharField(max_length=12),
        verbose_name="số định danh của người thân đã khai (không được giải quyết hồ sơ của họ)",
        default=list,
        blank=True,
    )
    email = models.EmailField("thư điện tử công vụ", max_length=100, blank=True)
    is_active = models.BooleanField("đang làm việc", default=True)
    password_is_given = models.BooleanField("mật khẩu do quản trị đặt", default=False)

    objects: ClassVar[Officers] = Officers()
    USERNAME_FIELD = "username"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commune=None, roles=[Role.MONITOR])
                | (Q(commune__isnull=False) & ~Q(roles__contains=[Role.MONITOR])),
                name="monitor_belongs_to_no_commune",
            ),
            models.CheckConstraint(
                condition=Q(identity_number="") | Q(identity_number__regex=r"^[0-9]{12}$"),
                name="officer_identity_number_has_twelve_digits",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def is_(self, role: Role) -> bool:
        return role in self.roles

    @property
    def role_names(self) -> list[str]:
        return [Role(role).label for role in self.roles]


class Shift(models.Model):
    """One line of the roster: who does what from when to when. Leaders sign only while on duty."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="shifts")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="shifts", verbose_name="cán bộ")
    role = models.CharField("vai trò", max_length=20, choices=Role.choices)
    counter = models.ForeignKey(Counter, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="quầy")
    starts_at = models.DateTimeField("từ")
    ends_at = models.DateTimeField("đến")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"),
        ]
        indexes = [models.Index(fields=["commune", "role", "starts_at"], name="shift_by_role")]

    def __str__(self) -> str:
        return f"{self.officer} {self.starts_at:%d/%m %H:%M}"


class OpeningHours(models.Model):
    """One session of the week, dated; the document that ordered it stands beside it. Local time."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Thứ Hai"
        TUESDAY = 1, "Thứ Ba"
        WEDNESDAY = 2, "Thứ Tư"
        THURSDAY = 3, "Thứ Năm"
        FRIDAY = 4, "Thứ Sáu"
        SATURDAY = 5, "Thứ Bảy"
        SUNDAY = 6, "Chủ nhật"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField("thứ", choices=Weekday.choices)
    opens = models.TimeField("mở cửa")
    closes = models.TimeField("đóng cửa")
    counts = models.BooleanField("tính vào thời hạn giải quyết", default=True)
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)
    document = models.CharField("văn bản", max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="session_closes_after_it_opens")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CalendarChange(models.Model):
    """A day that differs from the week and from the national list; the latest row of a day counts.

    `plan_year` marks the rows of an official plan for a whole year: they replace what was only expected of that year.
    `version` is the calendar's version that brought the row.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Nghỉ lễ"
        SWAP_OFF = "swap_off", "Nghỉ hoán đổi"
        SWAP_WORK = "swap_work", "Làm bù"
        CLOSURE = "closure", "Đóng cửa"
        EXTRA = "extra", "Làm thêm ca"

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="calendar_changes")
    on = models.DateField("ngày")
    kind = models.CharField("loại", max_length=20, choices=Kind.choices)
    opens = models.TimeField("từ giờ", null=True, blank=True)
    closes = models.TimeField("đến giờ", null=True, blank=True)
    reason = models.CharField("lý do", max_length=200)
    document = models.CharField("văn bản", max_length=200)
    makes_up = models.DateField("làm bù cho ngày", null=True, blank=True)
    plan_year = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+", null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["on", "at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="extra") | Q(opens__isnull=False, closes__gt=F("opens")),
                name="extra_shift_has_its_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y} {self.get_kind_display()}"


class Entry(models.Model):
    """One line of the diary: who saw or did what, to which thing, from where and why. Never changes (trigger).

    Holds kinds and keys, no foreign keys: the diary must outlive and never block what it watches.
    """

    commune = models.ForeignKey(Commune, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=100, blank=True)
    act = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    why = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["commune", "kind", "key"], name="entry_of_a_thing"),
            models.Index(fields=["commune", "at"], name="entry_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%d/%m/%Y %H:%M:%S} {self.act} {self.kind} {self.key}"


class FormKey(models.Model):
    """The answer a form has already had: the same form sent again gets it again, and nothing happens twice (R-02)."""

    commune = models.ForeignKey(Commune, models.CASCADE, null=True, related_name="+")
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    key = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="form_is_answered_once")]

    def __str__(self) -> str:
        return self.key


class Errand(models.Model):
    """Something still to be done for an act that was committed (errands.py). `trouble`: why the last try failed."""

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)
    facts = models.JSONField(default=dict)
    owed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=300, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "kind", "key"], name="errand_is_owed_once"),
        ]
        indexes = [
            models.Index(fields=["commune", "due_at"], condition=Q(done_at=None), name="errand_not_yet_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


def officers_commune(officer: Officer) -> Any:
    """The walls within which this officer works: the own commune, or the view of all for the monitoring office."""
    return walls.within(officer.commune_id, reads_all=officer.is_(Role.MONITOR), officer_id=officer.pk)
