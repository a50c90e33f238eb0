"""The folder of an export as a straightforward DuckDB script makes it from the same casebook.

Its records as CSV files, and the tables of the cohort.

What `test_cohort_speed` holds our own against. An encrypted casebook can only be read by way of
sqlcipher3, so that is where its rows come from; all of its pages are checked first, as whenever
one is opened. Without that check the script takes two seconds less.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd

from model.store import examine

TABLES = {
    "patient": "id, code, sex, age_at_index, primary_site, disease_status, height_cm, diagnosed_on,"
    " functional_syndrome, ctcae_version, comment",
    "cycle": "id, patient_id, number, given_on, ecog, weight_kg, comment",
    "administration": "cycle_id, number, nuclide, ligand, given_on, unit, administered_mbq, route,"
    " batch_number, comment",
    "follow_up": "patient_id, seen_on, status, cause, ecog, weight_kg, comment",
    "biopsy": "patient_id, taken_on, event, who_grade, differentiation, ki67_percent, site,"
    " mitoses_per_2mm2, comment",
    "metastasis": "patient_id, site, found_on, comment",
    "therapy": "patient_id, number, category, description, started_on, ended_on, ongoing,"
    " concomitant, best_response, reason_stopped, comment",
    "toxicity": "patient_id, verbatim, term, ctcae_version, phase, grade, onset_on, resolved_on,"
    " outcome, attribution, treatment_emergent, comment",
    "assessment": "patient_id, assessed_on, timepoint, modality, response, after_cycle, comment,"
    " criteria, sum_of_diameters_mm, suvmax, krenning, netpet",
    "lab_result": "id, patient_id, taken_on, taken_at, visit, analyte, comparator, value, unit,"
    " lln, uln, fasting, comment",
}

RECORDS = {
    "patients": """
        select code as patient_id, sex, age_at_index, primary_site, vital_status, disease_status,
               index_date, last_contact_or_death, height_cm, diagnosed_on, functional_syndrome,
               ctcae_version, comment
          from patient
          left join (select patient_id as id, min(given_on) as index_date from cycle group by all)
         using (id)
          left join (select patient_id as id, arg_max(status, seen_on) as vital_status,
                            max(seen_on) as last_contact_or_death from follow_up group by all)
         using (id) order by code""",
    "pathology": """
        select code as patient_id, taken_on as date, event, who_grade, differentiation,
               ki67_percent as ki67_pct, site, mitoses_per_2mm2, biopsy.comment
          from biopsy join patient on patient.id = patient_id order by code, taken_on""",
    "prior_therapies": """
        select code as patient_id, number as seq, category, description, started_on, ended_on,
               ongoing, concomitant, best_response, reason_stopped, therapy.comment
          from therapy join patient on patient.id = patient_id order by code, number""",
    "metastases": """
        select code as patient_id, site, found_on, metastasis.comment
          from metastasis join patient on patient.id = patient_id order by code""",
    "cycles": """
        select code as patient_id, cycle.number as cycle_no, cycle.given_on as date,
               case when agents > 1 then 'tandem' else 'monotherapy' end as modality, ecog,
               weight_kg, cycle.comment
          from cycle join patient on patient.id = patient_id
          join (select cycle_id, count(distinct nuclide) as agents from administration group by all)
            on cycle_id = cycle.id order by code, cycle.number""",
    "administrations": """
        select code as patient_id, cycle.number as cycle_no, own.number as component_no, nuclide,
               ligand, coalesce(own.given_on, cycle.given_on) as date, unit as activity_unit,
               case unit when 'GBq' then administered_mbq / 1000 else administered_mbq end
               as activity, route, batch_number, own.comment
          from administration as own join cycle on cycle.id = cycle_id
          join patient on patient.id = patient_id order by code, cycle.number, own.number""",
    "labs": """
        select code as patient_id, taken_on as date, visit, upper(analyte) as analyte,
               coalesce(comparator, '') || value as value, unit, lln, uln, taken_at as time,
               fasting, lab_result.comment
          from lab_result join patient on patient.id = patient_id
         order by code, taken_on, taken_at, lab_result.id""",
    "toxicities": """
        select code as patient_id, verbatim, term as ctcae_term, toxicity.ctcae_version, phase,
               grade, onset_on as onset, resolved_on as resolved, outcome, attribution,
               treatment_emergent, toxicity.comment
          from toxicity join patient on patient.id = patient_id order by code, onset_on""",
    "responses": """
        select code as patient_id, assessed_on as date, timepoint, modality, response, after_cycle,
               assessment.comment, criteria, sum_of_diameters_mm, suvmax, krenning, netpet
          from assessment join patient on patient.id = patient_id order by code, assessed_on""",
    "followup": """
        select code as patient_id, seen_on as date, status, cause, ecog, weight_kg,
               follow_up.comment
          from follow_up join patient on patient.id = patient_id order by code, seen_on""",
}

SCRIPT = """
create table first as select patient_id, min(given_on) as first_on, count(*) as cycles,
       from cycle group by patient_id;
create table labs as
select id, patient_id, analyte, taken_on::date as taken_on, value::double as value,
       lln::double as lln, uln::double as uln,
       date_diff('day', first_on::date, taken_on::date) as since
  from lab_result join first using (patient_id);
create table base as
select patient_id, analyte, arg_max(value, (taken_on, id)) as base,
       arg_max(value > uln, (taken_on, id)) as abnormal, arg_max(id, (taken_on, id)) as id
  from labs where since <= 0 group by patient_id, analyte;
create table graded as
select labs.*, base_id = id as is_baseline,
  case analyte
    when 'hb' then case when value < 8 then 3 when value < 10 then 2
                        when value < lln then 1 else 0 end
    when 'plt' then case when value < 25 then 4 when value < 50 then 3 when value < 75 then 2
                         when value < lln then 1 else 0 end
    when 'wbc' then case when value < 1 then 4 when value < 2 then 3 when value < 3 then 2
                         when value < lln then 1 else 0 end
    when 'anc' then case when value < 0.5 then 4 when value < 1 then 3 when value < 1.5 then 2
                         when value < lln then 1 else 0 end
    when 'alc' then case when value < 0.2 then 4 when value < 0.5 then 3 when value < 0.8 then 2
                         when value < lln then 1 else 0 end
    when 'crea' then case when value > 6 * uln then 4
                          when value > 3 * uln or value > 3 * base then 3
                          when value > 1.5 * uln or value > 1.5 * base then 2
                          when value > uln then 1 else 0 end
    when 'bili' then case when value > 10 * m then 4 when value > 3 * m then 3
                          when value > 1.5 * m then 2 when value > m then 1 else 0 end
    when 'alp' then case when value > 20 * m then 4 when value > 5 * m then 3
                         when value > 2.5 * m then 2 when value > m then 1 else 0 end
    else case when value > 20 * m then 4 when value > 5 * m then 3 when value > 3 * m then 2
              when value > m then 1 else 0 end
  end as grade
  from (select labs.*, base.base, base.id as base_id,
               case when base.abnormal and base.id <> labs.id then base.base else uln end as m
          from labs left join base using (patient_id, analyte)) as labs;
create table windows as
select patient_id, number, given_on::date as given_on,
       least(given_on::date + 84, coalesce(lead(given_on::date) over
             (partition by patient_id order by given_on), given_on::date + 84)) as until
  from cycle;
create table nadirs as
select patient_id, analyte, number,
       case when analyte in ('crea', 'bili', 'alt', 'ast', 'alp')
            then arg_max((graded.id, value, grade, taken_on, given_on), value)
            else arg_min((graded.id, value, grade, taken_on, given_on), value) end as nadir
  from graded join windows using (patient_id)
 where taken_on > given_on and taken_on <= until
 group by patient_id, analyte, number;
create table recovered as
select nadirs.patient_id, nadirs.analyte, number, min(graded.taken_on) as recovered_on
  from nadirs
  join graded on graded.patient_id = nadirs.patient_id and graded.analyte = nadirs.analyte
   and graded.taken_on > nadir[4] and graded.grade <= 1
 where nadir[3] > 1
 group by all;
create table nadir_table as
select analyte, number, count(*) as n, median(nadir[2]), min(nadir[2]), max(nadir[2]),
       median(nadir[4] - nadir[5]), min(nadir[4] - nadir[5]), max(nadir[4] - nadir[5]),
       count(recovered_on), median(recovered_on - nadir[4])
  from nadirs left join recovered using (patient_id, analyte, number)
 group by all order by all;
create table shift_table as
select analyte, baseline, worst, count(*) from (
  select patient_id, analyte, max(grade) filter (is_baseline) as baseline,
         max(grade) filter (since > 0) as worst
    from graded group by patient_id, analyte)
 group by all order by all;
create table baseline_table as
select 'sex' as measure, sex as level, count(*)::double as n from patient group by all
union all select 'site', primary_site, count(*) from patient group by all
union all select 'age', 'median', median(age_at_index) from patient
union all select 'metastasis', site, count(distinct patient_id) from metastasis group by all
union all select 'therapy', category, count(distinct patient_id) from therapy group by all
union all select 'grade', grade, count(*) from
  (select patient_id, arg_max(who_grade, taken_on) as grade from biopsy group by all) group by all
union all select 'at diagnosis', grade, count(*) from
  (select patient_id, arg_min(who_grade, taken_on) as grade from biopsy group by all) group by all
union all select 'Ki-67', 'median', median(ki67) from
  (select patient_id, arg_max(ki67_percent, taken_on) as ki67 from biopsy group by all);
create table exposure_table as
select nuclide, count(*), median(administered_mbq), sum(administered_mbq),
       (select median(mbq) from (select patient_id, sum(administered_mbq) as mbq
          from administration as own join cycle on cycle.id = own.cycle_id
         where own.nuclide = administration.nuclide group by patient_id))
  from administration group by nuclide;
create table cycle_table as select cycles, count(*) from first group by cycles;
create table toxicity_table as
select phase, term, worst, count(*) from (
  select phase, term, patient_id, max(grade) as worst from
    (select * from toxicity union all by name select * replace ('all' as phase) from toxicity)
   where treatment_emergent = 1 group by all
  union all
  select phase, 'any', patient_id, max(grade) from
    (select * from toxicity union all by name select * replace ('all' as phase) from toxicity)
   where treatment_emergent = 1 group by all)
 group by all order by all;
create table response_table as
select best, count(*) from (
  select patient_id, min(case response when 'CR' then 0 when 'PR' then 1 when 'SD' then 2
                         when 'PD' then 3 else 4 end) as best
    from assessment join first using (patient_id) where assessed_on >= first_on group by all)
 group by best;
create table survival_table as
with times as (
  select date_diff('day', first_on::date, seen_on::date) as days, status = 'dead' as event
    from follow_up join first using (patient_id)),
steps as (select days, count(*) filter (event) as died, count(*) as ended from times group by days),
risk as (select *, sum(ended) over (order by days rows between current row and unbounded following)
                as at_risk from steps)
select days, at_risk, exp(sum(ln(greatest(1 - died / at_risk, 1e-300))) over (order by days)) as s,
       sum(died / (at_risk * greatest(at_risk - died, 1))) over (order by days) as v
  from risk order by days;
"""


def main(casebook: Path, folder: Path, passphrase: str) -> None:
    """Read the casebook into DuckDB, make the tables, write each as CSV."""
    connection = examine.connect(casebook, examine.unlock(casebook, passphrase))
    db = duckdb.connect()
    for table, columns in TABLES.items():
        cursor = connection.execute(f"select {columns} from {table} where deleted_at is null")
        names = [column[0] for column in cursor.description]
        rows = pd.DataFrame(cursor.fetchall(), columns=names)
        db.register("rows", rows)
        db.execute(f"create table {table} as select * from rows")
        db.unregister("rows")
        del rows
    db.execute(SCRIPT)
    for (table,) in db.execute("select table_name from duckdb_tables()").fetchall():
        if table.endswith("_table"):
            db.execute(f"copy {table} to '{folder / table}.csv' (header)")
    for name, query in RECORDS.items():
        db.execute(f"copy ({query}) to '{folder / name}.csv' (header)")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
