"""Every row of work stands behind its commune's wall; steps and slips never change, a result keeps what was signed."""

from django.db import migrations

from oneshop.walls import RaiseWall

KEEPS = """
CREATE FUNCTION procedures_result_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF (OLD.pdf, OLD.sha256, OLD.facts, OLD.book, OLD.year, OLD.number, OLD.symbol, OLD.issued_on, OLD.signed_by_id,
      OLD.signed_at, OLD.case_id, OLD.commune_id, OLD.token)
     IS DISTINCT FROM
     (NEW.pdf, NEW.sha256, NEW.facts, NEW.book, NEW.year, NEW.number, NEW.symbol, NEW.issued_on, NEW.signed_by_id,
      NEW.signed_at, NEW.case_id, NEW.commune_id, NEW.token)
  THEN RAISE EXCEPTION 'a signed result never changes' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keeps_what_was_signed BEFORE UPDATE ON procedures_result
  FOR EACH ROW EXECUTE FUNCTION procedures_result_keeps();
"""

KEEPS_UNDO = """
DROP TRIGGER keeps_what_was_signed ON procedures_result;
DROP FUNCTION procedures_result_keeps();
"""


class Migration(migrations.Migration):
    dependencies = [("procedures", "0001_cases"), ("citizens", "0002_walls")]
    operations = [
        RaiseWall("procedures_series"),
        RaiseWall("procedures_draft", monitor=False, deletable=True),
        RaiseWall("procedures_case"),
        RaiseWall("procedures_step", append_only=True),
        RaiseWall("procedures_pause"),
        RaiseWall("procedures_slip", monitor=False, append_only=True),
        RaiseWall("procedures_result", monitor=False),
        migrations.RunSQL(KEEPS, KEEPS_UNDO),
    ]
