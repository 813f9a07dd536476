"""The diary becomes a chain: each line carries the hash of itself and of the line before, commune by commune.

A deferred trigger links the lines of a transaction when it commits: the head of the chain is the last lock taken and
the shortest held, so no two desks can wait for each other in a ring. The links are written by the owner's function
alone; the working role can read them and nothing else.
"""

from django.db import migrations

from oneshop.walls import WORKING_ROLE

CHAIN = f"""
CREATE TABLE oneshop_link (
  chain bigint NOT NULL,             -- the commune, 0 for lines of no commune
  seq bigint NOT NULL,
  entry_id bigint NOT NULL UNIQUE,
  hash bytea NOT NULL,
  linked_on date NOT NULL DEFAULT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
  PRIMARY KEY (chain, seq)
);
CREATE TABLE oneshop_head (chain bigint PRIMARY KEY, seq bigint NOT NULL, hash bytea NOT NULL);

CREATE FUNCTION oneshop_line_of(e oneshop_entry) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT convert_to(jsonb_build_array(
    e.id, e.commune_id, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.officer_id, e.officer_name,
    e.act, e.kind, e.key, e.why, e.origin)::text, 'UTF8') $$;

CREATE FUNCTION oneshop_link_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  mine oneshop_head;
BEGIN
  INSERT INTO oneshop_head (chain, seq, hash) VALUES (coalesce(NEW.commune_id, 0), 0, '')
    ON CONFLICT (chain) DO NOTHING;
  SELECT * INTO mine FROM oneshop_head WHERE chain = coalesce(NEW.commune_id, 0) FOR UPDATE;
  mine.seq := mine.seq + 1;
  mine.hash := sha256(mine.hash || oneshop_line_of(NEW));
  INSERT INTO oneshop_link (chain, seq, entry_id, hash) VALUES (mine.chain, mine.seq, NEW.id, mine.hash);
  UPDATE oneshop_head SET seq = mine.seq, hash = mine.hash WHERE chain = mine.chain;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER link_entry AFTER INSERT ON oneshop_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION oneshop_link_entry();

REVOKE ALL ON oneshop_link, oneshop_head FROM {WORKING_ROLE};
GRANT SELECT ON oneshop_link, oneshop_head TO {WORKING_ROLE};
"""

UNDO = """
DROP TRIGGER link_entry ON oneshop_entry;
DROP FUNCTION oneshop_link_entry(); DROP FUNCTION oneshop_line_of(oneshop_entry);
DROP TABLE oneshop_head; DROP TABLE oneshop_link;
"""

# Lines written before the chain: linked once, in their order.
OLD_LINES = """
DO $$
DECLARE
  e oneshop_entry;
  mine oneshop_head;
BEGIN
  PERFORM set_config('app.reads_all', 'on', true);
  FOR e IN SELECT * FROM oneshop_entry ORDER BY id LOOP
    INSERT INTO oneshop_head (chain, seq, hash) VALUES (coalesce(e.commune_id, 0), 0, '') ON CONFLICT DO NOTHING;
    SELECT * INTO mine FROM oneshop_head WHERE chain = coalesce(e.commune_id, 0);
    mine.hash := sha256(mine.hash || oneshop_line_of(e));
    INSERT INTO oneshop_link (chain, seq, entry_id, hash) VALUES (mine.chain, mine.seq + 1, e.id, mine.hash);
    UPDATE oneshop_head SET seq = mine.seq + 1, hash = mine.hash WHERE chain = mine.chain;
  END LOOP;
  PERFORM set_config('app.reads_all', '', true);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("oneshop", "0003_walls")]
    operations = [
        migrations.RunSQL(CHAIN, UNDO),
        migrations.RunSQL(OLD_LINES, migrations.RunSQL.noop),
    ]
