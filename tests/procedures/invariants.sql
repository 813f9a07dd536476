-- What must hold at every moment, one query each. A query gives back the rows that break it; none is as it should be.
-- Run inside the walls of one commune, commune by commune: a row whose case stands behind another wall finds no case.
-- Parameters: moves = [[verb, source, target], …], every row of the table of moves (a case begins from '').

-- name: I2 the numbers of a book and year run from its first on without gap or double, and the book knows its last one
WITH used AS (
    SELECT commune_id, book, year::text AS period, number FROM procedures_result WHERE NOT shares_number
    UNION ALL
    SELECT commune_id, kind, year::text, number FROM procedures_slip
    UNION ALL  -- a number without a paper of ours: given before older data were restored
    SELECT commune_id, book, year::text, number FROM procedures_void WHERE result_id IS NULL AND slip_id IS NULL
    UNION ALL
    SELECT commune_id, 'register-' || field, year::text, number FROM procedures_registerline
), counted AS (
    SELECT commune_id, book, period, count(*) AS papers, count(DISTINCT number) AS numbers,
           min(number) AS first, max(number) AS last
    FROM used GROUP BY commune_id, book, period
)
SELECT commune_id, book, period, c.papers, c.first, c.last, s.first AS begins, s.last AS in_the_book
FROM counted c
FULL JOIN (SELECT * FROM procedures_series WHERE book <> 'case' AND last >= first) s USING (commune_id, book, period)
WHERE c.papers IS DISTINCT FROM (s.last - s.first + 1)::bigint
   OR (c.numbers, c.first::bigint, c.last::bigint) IS DISTINCT FROM (c.papers, s.first::bigint, s.last::bigint)
UNION ALL  -- a book that goes on from a paper book begins with the next number, and with no other
SELECT s.commune_id, s.book, s.period, NULL, a.upto, NULL, s.first, s.last
FROM procedures_series s
LEFT JOIN procedures_bookact a ON a.commune_id = s.commune_id AND a.book = s.book AND a.year::text = s.period
     AND a.kind = 'open' AND a.signed_at IS NOT NULL
WHERE s.commune_id = app_commune() AND s.book <> 'case' AND s.first <> coalesce(a.upto, 0) + 1
UNION ALL  -- a number that fell is the number of its paper, and its result is no longer valid
SELECT v.commune_id, v.book, v.year::text, NULL, v.number, NULL, NULL, NULL
FROM procedures_void v
LEFT JOIN procedures_result r ON r.id = v.result_id
LEFT JOIN procedures_slip t ON t.id = v.slip_id
WHERE v.reason <> 'restored'
  AND ((v.book, v.year, v.number) IS DISTINCT FROM
       (coalesce(r.book, t.kind), coalesce(r.year, t.year), coalesce(r.number, t.number)) OR r.standing = 'valid')
UNION ALL  -- a book is closed by a signed act with its closing lines, and only so
SELECT s.commune_id, s.book, s.period, NULL, NULL, NULL, s.first, s.last
FROM procedures_series s
FULL JOIN (SELECT * FROM procedures_bookact WHERE kind = 'close' AND signed_at IS NOT NULL) a
     ON a.commune_id = s.commune_id AND a.book = s.book AND a.year::text = s.period
WHERE s.commune_id = app_commune() AND s.closed_on IS DISTINCT FROM a."on";

-- name: I3 no result without a signature of an officer who was on duty then and had not received the case
SELECT r.id, r.signed_by_id, r.signed_at
FROM procedures_result r
LEFT JOIN procedures_case c ON c.id = r.case_id
WHERE NOT EXISTS (
        SELECT FROM oneshop_shift s
        WHERE s.commune_id = r.commune_id AND s.role = 'signer'
          AND s.starts_at <= r.signed_at AND s.ends_at > r.signed_at
          AND (s.officer_id = r.signed_by_id
               OR (EXISTS (SELECT FROM oneshop_absence a WHERE a.officer_id = s.officer_id
                             AND a.starts_at <= r.signed_at AND a.ends_at > r.signed_at)
                   AND EXISTS (SELECT FROM oneshop_deputy d WHERE d.officer_id = s.officer_id
                                 AND d.deputy_id = r.signed_by_id AND d.since <= r.signed_at
                                 AND (d.until IS NULL OR d.until > r.signed_at)))))
   OR (r.correction_id IS NULL AND (c.signed_by_id, c.signed_at) IS DISTINCT FROM (r.signed_by_id, r.signed_at))
   OR (r.correction_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM procedures_correction k
        WHERE k.id = r.correction_id AND k.case_id = r.case_id AND k.state IN ('signed', 'handed')
          AND (k.decided_by_id, k.decided_at) = (r.signed_by_id, r.signed_at) AND k.by_id <> r.signed_by_id))
   OR c.received_by_id = r.signed_by_id;

-- name: I4 the bytes stored are the bytes whose hash was taken when they were made
SELECT 'result' AS kind, id FROM procedures_result WHERE encode(sha256(pdf), 'hex') <> sha256
UNION ALL
SELECT 'slip', id FROM procedures_slip WHERE encode(sha256(pdf), 'hex') <> sha256
UNION ALL
SELECT 'closing lines', id FROM procedures_bookact WHERE encode(sha256(pdf), 'hex') <> sha256
UNION ALL
SELECT 'closed day', id FROM procedures_dayclose WHERE encode(sha256(pdf), 'hex') <> sha256;

-- name: I5 each move has its line in the diary, and the diary tells of no move that was not made
WITH moved AS (
    SELECT c.code, s.verb AS act, count(*) AS steps
    FROM procedures_step s JOIN procedures_case c ON c.id = s.case_id GROUP BY c.code, s.verb
), told AS (
    SELECT key AS code, act, count(*) AS lines FROM oneshop_entry
    WHERE kind = 'case' AND act IN (SELECT move ->> 0 FROM jsonb_array_elements(%(moves)s::jsonb) move)
    GROUP BY key, act
)
SELECT code, act, steps, lines FROM moved FULL JOIN told USING (code, act) WHERE steps IS DISTINCT FROM lines;

-- name: I6 a case goes only along the table of moves, each step from where the one before ended, and stands at its end
WITH walked AS (
    SELECT s.id, s.case_id, s.verb, s.source, s.target,
           lag(s.target, 1, '') OVER w AS came_from, lead(s.id) OVER w IS NULL AS is_last
    FROM procedures_step s WINDOW w AS (PARTITION BY s.case_id ORDER BY s.id)
)
SELECT c.id AS case_id, w.id AS step_id, w.verb, w.source, w.target, c.state
FROM procedures_case c LEFT JOIN walked w ON w.case_id = c.id
WHERE w.id IS NULL
   OR w.source <> w.came_from
   OR (w.is_last AND w.target <> c.state)
   OR NOT EXISTS (
        SELECT FROM jsonb_array_elements(%(moves)s::jsonb) move
        WHERE (move ->> 0, move ->> 1, move ->> 2) = (w.verb, w.source, w.target));

-- name: I7 no row crosses a commune: what belongs to a case is of the commune of its case
SELECT row.kind, row.id, row.commune_id
FROM (
    SELECT 'step' AS kind, id, commune_id, case_id FROM procedures_step
    UNION ALL SELECT 'pause', id, commune_id, case_id FROM procedures_pause
    UNION ALL SELECT 'slip', id, commune_id, case_id FROM procedures_slip
    UNION ALL SELECT 'result', id, commune_id, case_id FROM procedures_result
    UNION ALL SELECT 'moved promise', id, commune_id, case_id FROM procedures_duemove
    UNION ALL SELECT 'line of the register', id, commune_id, case_id FROM procedures_registerline
    UNION ALL SELECT 'print', id, commune_id, case_id FROM procedures_print WHERE case_id IS NOT NULL
    UNION ALL SELECT 'mishap', m.id, m.commune_id, p.case_id
              FROM procedures_mishap m JOIN procedures_print p ON p.id = m.print_id
    UNION ALL SELECT 'number of the Ministry', id, commune_id, case_id FROM procedures_ministryentry
    UNION ALL SELECT 'correction', id, commune_id, case_id FROM procedures_correction
    UNION ALL SELECT 'paper owed', o.id, o.commune_id, r.case_id
              FROM procedures_paperowed o JOIN procedures_result r ON r.id = o.result_id
    UNION ALL SELECT 'blank', b.id, b.commune_id, r.case_id
              FROM procedures_blank b JOIN procedures_result r ON r.id = b.result_id
) AS row
LEFT JOIN procedures_case c ON c.id = row.case_id AND c.commune_id = row.commune_id
WHERE c.id IS NULL
UNION ALL
SELECT 'case at a counter', c.id, c.commune_id
FROM procedures_case c JOIN oneshop_counter k ON k.id = c.counter_id WHERE k.commune_id <> c.commune_id;

-- name: I8 the promise never falls before the receipt, moves only by pauses and with the calendar, and stands still only while papers are missing
SELECT c.id, c.received_at, c.first_due_at, c.due_at, c.state
FROM procedures_case c
WHERE c.first_due_at < c.received_at
   OR (c.due_at < c.first_due_at
       AND NOT EXISTS (SELECT FROM procedures_step s WHERE s.case_id = c.id AND s.verb IN ('resume', 'extend', 'move_due')))
   OR (c.due_at <> c.first_due_at
       AND NOT EXISTS (SELECT FROM procedures_pause p WHERE p.case_id = c.id AND p.until > p.since)
       AND NOT EXISTS (SELECT FROM procedures_step s WHERE s.case_id = c.id AND s.verb IN ('resume', 'extend', 'move_due')))
   OR (c.state = 'waiting_papers')
      <> EXISTS (SELECT FROM procedures_pause p WHERE p.case_id = c.id AND p.until IS NULL);

-- name: I10 one signature makes each of its papers once, and at most one of a kind is valid; so does one correction
SELECT c.id, c.state, signatures, results, valid
FROM procedures_case c,
     LATERAL (SELECT count(*) FILTER (WHERE s.verb = 'sign') AS signatures,
                     count(*) FILTER (WHERE s.verb = 'annul') AS annulled
              FROM procedures_step s WHERE s.case_id = c.id) AS signing,
     LATERAL (SELECT coalesce(max(of_kind), 0) AS results, coalesce(max(still), 0) AS valid
              FROM (SELECT count(*) FILTER (WHERE r.correction_id IS NULL) AS of_kind,
                           count(*) FILTER (WHERE r.standing = 'valid'
                                            AND r.kind NOT IN ('correction_letter', 'recall_notice')) AS still
                    FROM procedures_result r WHERE r.case_id = c.id GROUP BY r.kind) AS kinds) AS issuing
WHERE signatures <> results
   OR valid > 1
   OR (c.state IN ('signed', 'given_out') OR annulled > 0) <> (results > 0)
UNION ALL  -- what a correction made: each kind once; nothing before it was signed, something after
SELECT k.case_id, k.state, NULL, papers, kinds
FROM procedures_correction k,
     LATERAL (SELECT count(*) AS papers, count(DISTINCT r.kind) AS kinds
              FROM procedures_result r WHERE r.correction_id = k.id) AS made
WHERE papers <> kinds OR (k.state IN ('signed', 'handed')) <> (papers > 0);

-- name: I11 a paper that was replaced or cancelled never says that it is valid, and leads to the one in its place
SELECT r.id, r.standing, r.standing_on, r.replaced_by_id
FROM procedures_result r
LEFT JOIN procedures_result n ON n.id = r.replaced_by_id
WHERE (r.standing = 'valid') <> (r.standing_on IS NULL)
   OR (r.standing = 'replaced') <> (r.replaced_by_id IS NOT NULL)
   OR (n.id IS NULL) <> (r.replaced_by_id IS NULL)  -- its successor stands behind another wall
   OR (n.case_id, n.kind) <> (r.case_id, r.kind)
   OR n.id <= r.id OR n.signed_at < r.signed_at OR n.token = r.token  -- a chain leads forward, and ends
   OR (n.id IS NOT NULL AND n.correction_id IS NULL)
UNION ALL  -- what a signed correction took away is gone
SELECT r.id, r.standing, r.standing_on, r.replaced_by_id
FROM procedures_correction k
JOIN procedures_result r ON r.id = k.result_id
WHERE k.kind <> 'letter' AND k.state IN ('signed', 'handed') AND r.standing = 'valid'
UNION ALL  -- two papers never came in the place of the same one, nor one in the place of two
SELECT min(id), 'replaced', NULL, replaced_by_id
FROM procedures_result WHERE replaced_by_id IS NOT NULL GROUP BY replaced_by_id HAVING count(*) > 1;

-- name: I12 sheets outside = lines of the print log, each told in the diary and with its bytes; blanks lie under originals
WITH logged AS (
    SELECT p.*, r.originals, r.blank, s.sha256 AS slip_sha256,
           coalesce(c.code, 'draft/' || p.citizen_id) ||
           CASE WHEN p.slip_id IS NOT NULL THEN '/slip/' || p.slip_id
                WHEN p.result_id IS NOT NULL THEN '/result/' || p.result_id
                WHEN p.case_id IS NULL THEN '/' || p.declaration
                ELSE '/declaration/' || p.declaration END || '/' || p.copy AS key
    FROM procedures_print p
    LEFT JOIN procedures_case c ON c.id = p.case_id
    LEFT JOIN procedures_slip s ON s.id = p.slip_id
    LEFT JOIN procedures_result r ON r.id = p.result_id
), told AS (
    SELECT key, count(*) AS lines FROM oneshop_entry WHERE kind = 'paper' AND act = 'print' GROUP BY key
), good AS (
    SELECT result_id, count(*) AS sheets, count(DISTINCT sheet_no) AS numbers, max(sheet_no) AS highest,
           bool_and(b.kind = r.blank AND b.commune_id = r.commune_id) AS fitting
    FROM procedures_blank b JOIN procedures_result r ON r.id = b.result_id WHERE b.state = 'used' GROUP BY result_id
)
SELECT 'told otherwise in the diary' AS fault, l.id, key FROM logged l FULL JOIN told t USING (key)
WHERE l.id IS NULL OR t.lines IS DISTINCT FROM 1
UNION ALL
SELECT 'a copy is missing', min(id), min(key) FROM logged
GROUP BY case_id, citizen_id, slip_id, result_id, declaration HAVING count(*) <> max(copy)
UNION ALL
SELECT 'other bytes', id, key FROM logged WHERE sha256 <> slip_sha256
UNION ALL
SELECT 'again without a reason', id, key FROM logged
WHERE case_id IS NOT NULL AND why = '' AND copy > CASE WHEN blank = '' THEN originals ELSE 1 END
UNION ALL
SELECT 'blanks', r.id, r.kind
FROM procedures_result r
JOIN procedures_case c ON c.id = r.case_id
LEFT JOIN good g ON g.result_id = r.id
LEFT JOIN procedures_paperowed o ON o.result_id = r.id
WHERE g.highest > r.originals OR g.sheets <> g.numbers OR NOT g.fitting
   OR (r.blank <> '' AND r.standing = 'valid' AND c.state = 'given_out' AND coalesce(g.sheets, 0) < r.originals
       AND NOT EXISTS (SELECT FROM procedures_correction k WHERE k.id = r.correction_id AND k.state = 'signed')
       AND (o.id IS NULL OR o.handed_at IS NOT NULL));

-- name: I20 what has ended is reckoned once, at the moment of the step that ended it, and what is open is not
SELECT c.id, c.state, r.ended_at, s.at
FROM procedures_case c
LEFT JOIN procedures_reckoning r ON r.case_id = c.id
LEFT JOIN LATERAL (
    SELECT at, verb FROM procedures_step WHERE case_id = c.id AND verb IN ('sign', 'withdraw', 'stop', 'reject')
    ORDER BY at, id LIMIT 1
) s ON true
WHERE (r.ended_at, r.ending) IS DISTINCT FROM (s.at, s.verb);
