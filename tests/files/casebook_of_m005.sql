BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'theralog','m001_first_casebook','2026-12-01 09:10:51.574754+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'theralog','m002_dismissals','2026-12-01 09:10:51.575433+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'theralog','m003_frozen_cohorts','2026-12-01 09:10:51.575849+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'theralog','m004_pseudonyms','2026-12-01 09:10:51.576269+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'theralog','m005_laboratories_and_intervals','2026-12-01 09:10:51.579362+00:00');
CREATE TABLE administration (
        id integer primary key,
        cycle_id integer not null references cycle,
        number integer not null check (number > 0),
        nuclide text not null check (nuclide <> ''),
        ligand text,
        given_on text check (given_on is null or date(given_on) is given_on),
        unit text not null check (unit in ('MBq', 'GBq')),
        prescribed_mbq real check (prescribed_mbq >= 0),
        calibrated_mbq real check (calibrated_mbq >= 0),
        calibrated_at text check (calibrated_at is null or strftime('%Y-%m-%dT%H:%M', calibrated_at) is calibrated_at),
        measured_mbq real check (measured_mbq >= 0),
        measured_at text check (measured_at is null or strftime('%Y-%m-%dT%H:%M', measured_at) is measured_at),
        residual_mbq real check (residual_mbq >= 0),
        residual_at text check (residual_at is null or strftime('%Y-%m-%dT%H:%M', residual_at) is residual_at),
        started_at text check (started_at is null or strftime('%Y-%m-%dT%H:%M', started_at) is started_at),
        ended_at text check (ended_at is null or strftime('%Y-%m-%dT%H:%M', ended_at) is ended_at),
        administered_mbq real check (administered_mbq >= 0),
        route text,
        batch_number text,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE assessment (
        id integer primary key,
        patient_id integer not null references patient,
        assessed_on text not null check (assessed_on is null or date(assessed_on) is assessed_on),
        timepoint text,
        modality text,
        criteria text,
        response text check (response in ('CR', 'PR', 'SD', 'PD', 'NE')),
        after_cycle integer check (after_cycle >= 0),
        sum_of_diameters_mm real check (sum_of_diameters_mm >= 0),
        suvmax real check (suvmax >= 0),
        krenning integer check (krenning between 0 and 4),
        netpet text,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE batch (
        id integer primary key,
        kind text not null,
        file_name text not null,
        sha256 text not null check (length(sha256) = 64),
        imported_at text not null,
        row_counts text not null check (json_valid(row_counts))
    ) strict
    ;
INSERT INTO "batch" VALUES(1883364394617639442,'folder','tidy','0000000000000000000000000000000000000000000000000000000000000000','2026-12-01T09:10:51.580Z','{}');
CREATE TABLE biopsy (
        id integer primary key,
        patient_id integer not null references patient,
        taken_on text check (taken_on is null or (length(taken_on) in (4, 7, 10) and date(substr(taken_on || '-01-01', 1, 10)) is substr(taken_on || '-01-01', 1, 10))),
        event text,
        site text,
        who_grade text check (who_grade in ('NET G1', 'NET G2', 'NET G3', 'NEC')),
        differentiation text,
        ki67_percent real check (ki67_percent between 0 and 100),
        mitoses_per_2mm2 real check (mitoses_per_2mm2 >= 0),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    , ki67_written text) strict
    ;
CREATE TABLE cycle (
        id integer primary key,
        patient_id integer not null references patient,
        number integer not null check (number > 0),
        given_on text not null check (given_on is null or date(given_on) is given_on),
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE "dismissal" (
        id integer primary key,
        patient_id integer not null references patient,
        lab_result_id integer references lab_result,
        value_on text check (value_on is null or date(value_on) is value_on),
        toxicity_id integer references toxicity,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        grade integer not null check (grade between 1 and 5),
        reason text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch,
        check (lab_result_id is not null or value_on is not null)
    ) strict
    ;
INSERT INTO "dismissal" VALUES(1883364394617566324,1883364394616559441,1883364394616559442,NULL,NULL,'Anemia','5.0',1,NULL,'2026-12-01T09:10:51.579Z',NULL,NULL);
CREATE TABLE end_of_treatment (
        id integer primary key,
        patient_id integer not null references patient,
        ended_on text not null check (ended_on is null or date(ended_on) is ended_on),
        reason text,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE follow_up (
        id integer primary key,
        patient_id integer not null references patient,
        seen_on text not null check (seen_on is null or date(seen_on) is seen_on),
        status text not null check (status in ('alive', 'dead', 'unknown')),
        cause text,
        ecog integer check (ecog between 0 and 5),
        weight_kg real check (weight_kg between 1 and 400),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE frozen_cohort (
            id integer primary key,
            name text not null check (name <> ''),
            frozen_at text not null,
            version text not null,
            sentence text not null,
            selection text not null check (json_valid(selection)),
            options text not null check (json_valid(options)),
            numbers text not null check (json_valid(numbers)),
            sha256 text not null check (length(sha256) = 64),
            
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
        ) strict
        ;
CREATE TABLE identity (
        id integer primary key,
        patient_id integer not null references patient,
        family_name text,
        given_name text,
        record_number text,
        born_on text check (born_on is null or (length(born_on) in (4, 7, 10) and date(substr(born_on || '-01-01', 1, 10)) is substr(born_on || '-01-01', 1, 10))),
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE image_data (
        id integer primary key,
        sha256 text not null unique check (length(sha256) = 64),
        bytes blob not null
    ) strict
    ;
CREATE TABLE journal (
        seq integer primary key,
        at text not null,
        user text not null,
        step integer not null,
        kind text not null check (kind in ('step', 'undo', 'redo', 'event')),
        action text not null,
        of_step integer check ((of_step is not null) = (kind in ('undo', 'redo'))),
        table_name text,
        row_id integer,
        before text check (before is null or json_valid(before)),
        after text check (after is null or json_valid(after)),
        reason text,
        hash text not null check (length(hash) = 64)
    ) strict
    ;
INSERT INTO "journal" VALUES(1,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'patient',1883364394616559441,NULL,'{"age_at_index": null, "batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "code": "P-1", "comment": null, "ctcae_version": null, "deleted_at": null, "diagnosed_on": null, "disease_status": null, "functional_syndrome": null, "height_cm": null, "id": 1883364394616559441, "index_on": null, "primary_site": null, "sex": null}',NULL,'0c08453b0520ba98dd4a12554c60afc3489a1730369b78447d350f335670892d');
INSERT INTO "journal" VALUES(2,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'lab_result',1883364394616559442,NULL,'{"analyte": "hb", "batch_id": null, "canonical_value": null, "changed_at": "2026-12-01T09:10:51.579Z", "comment": null, "comparator": null, "confirmed": null, "deleted_at": null, "fasting": null, "id": 1883364394616559442, "laboratory": null, "lln": null, "patient_id": 1883364394616559441, "taken_at": null, "taken_on": "2024-03-05", "uln": null, "unit": null, "value": "9", "visit": null}',NULL,'de83efa6ad5e39ccd566325e3212d51c40c59569686e078d6285b51e6cdc7c6b');
INSERT INTO "journal" VALUES(3,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'toxicity',1883364394616655712,NULL,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 2, "id": 1883364394616655712, "lab_result_id": 1883364394616559442, "onset_on": "2024-03-05", "outcome": null, "patient_id": 1883364394616559441, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'01050e76e47646b2869c508524e591dfc3351fff436383e47d54d401ff77b9a9');
INSERT INTO "journal" VALUES(4,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'dismissal',1883364394617566324,NULL,'{"batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "ctcae_version": "5.0", "deleted_at": null, "grade": 1, "id": 1883364394617566324, "lab_result_id": 1883364394616559442, "patient_id": 1883364394616559441, "reason": null, "term": "Anemia", "toxicity_id": null, "value_on": null}',NULL,'7e445f4adf85c559058f249027496006dca5d39f69779905b30bbed3a6644069');
INSERT INTO "journal" VALUES(5,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'toxicity',1883364394617566325,NULL,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 1, "id": 1883364394617566325, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364394616559441, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'d38c90faafa443044aec8bb152a46e6c00d2469ed7117a2c0a8114fe2a5552ee');
INSERT INTO "journal" VALUES(6,'2026-12-01T09:10:51.579Z','root',1883364394616559440,'step','Add',NULL,'toxicity',1883364394617566325,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 1, "id": 1883364394617566325, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364394616559441, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}','{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:51.579Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": "2026-12-01T09:10:51.579Z", "grade": 1, "id": 1883364394617566325, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364394616559441, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'7d466d6801c0bc7872a682d8f3a584cd3ad9949f996717972015578c70f6032d');
INSERT INTO "journal" VALUES(7,'2026-12-01T09:10:51.580Z','root',1883364394617566326,'event','Import folder',NULL,'batch',1883364394617639442,NULL,'{"file_name": "tidy", "id": 1883364394617639442, "imported_at": "2026-12-01T09:10:51.580Z", "kind": "folder", "row_counts": "{}", "sha256": "0000000000000000000000000000000000000000000000000000000000000000"}',NULL,'7cfd9f37ffc2cf14790c2ebbdd7718572bc4baf7e2c128ac33f1b5f60272b4e3');
INSERT INTO "journal" VALUES(8,'2026-12-01T09:10:51.581Z','root',1883364394618230272,'step','Edit note',NULL,'note',1883364394617566328,'{"batch_id": 1883364394617639442, "changed_at": "2026-12-01T09:10:51.580Z", "deleted_at": null, "id": 1883364394617566328, "patient_id": 1883364394617566327, "text": "imported", "written_on": "2024-05-01"}','{"batch_id": 1883364394617639442, "changed_at": "2026-12-01T09:10:51.581Z", "deleted_at": null, "id": 1883364394617566328, "patient_id": 1883364394617566327, "text": "edited", "written_on": "2024-05-01"}',NULL,'4211323cfbd9d264f29e36855b09ae7634f5750fb69108cd66e14ec77b755741');
CREATE TABLE key_image (
        id integer primary key,
        patient_id integer not null references patient,
        assessment_id integer references assessment,
        taken_on text check (taken_on is null or date(taken_on) is taken_on),
        media_type text not null,
        caption text,
        image_data_id integer not null references image_data,
        thumbnail_data_id integer references image_data,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE lab_result (
        id integer primary key,
        patient_id integer not null references patient,
        taken_on text not null check (taken_on is null or date(taken_on) is taken_on),
        taken_at text check (taken_at is null or strftime('%H:%M', taken_at) is taken_at),
        visit text,
        analyte text not null check (analyte <> ''),
        comparator text check (comparator in ('<', '>')),
        value text not null check (value not glob '*[^0-9.eE+-]*' and value glob '*[0-9]*'),
        unit text,
        canonical_value real,
        lln text,
        uln text,
        fasting integer check (fasting in (0, 1)),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    , laboratory text, confirmed text check (confirmed <> '')) strict
    ;
INSERT INTO "lab_result" VALUES(1883364394616559442,1883364394616559441,'2024-03-05',NULL,NULL,'hb',NULL,'9',NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:51.579Z',NULL,NULL,NULL,NULL);
CREATE TABLE laboratory_limit (
        id integer primary key,
        laboratory text not null default '',
        analyte text not null check (analyte <> ''),
        unit text,
        sex text check (sex in ('F', 'M')),
        age_from integer check (age_from between 0 and 130),
        age_to integer check (age_to between 0 and 130),
        valid_from text check (valid_from is null or date(valid_from) is valid_from),
        valid_to text check (valid_to is null or date(valid_to) is valid_to),
        lln text,
        uln text,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch,
        check (age_from is null or age_to is null or age_to >= age_from),
        check (valid_from is null or valid_to is null or valid_to >= valid_from),
        check (lln is not null or uln is not null)
    ) strict
    ;
CREATE TABLE metastasis (
        id integer primary key,
        patient_id integer not null references patient,
        site text not null check (site <> ''),
        found_on text check (found_on is null or (length(found_on) in (4, 7, 10) and date(substr(found_on || '-01-01', 1, 10)) is substr(found_on || '-01-01', 1, 10))),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
CREATE TABLE note (
        id integer primary key,
        patient_id integer not null references patient,
        written_on text not null check (written_on is null or date(written_on) is written_on),
        text text not null check (text <> ''),
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
INSERT INTO "note" VALUES(1883364394617566328,1883364394617566327,'2024-05-01','edited','2026-12-01T09:10:51.581Z',NULL,1883364394617639442);
CREATE TABLE patient (
        id integer primary key,
        code text not null check (trim(code) = code and code <> ''),
        sex text check (sex in ('F', 'M', 'X')),
        age_at_index integer check (age_at_index between 0 and 130),
        height_cm real check (height_cm between 30 and 260),
        primary_site text,
        diagnosed_on text check (diagnosed_on is null or (length(diagnosed_on) in (4, 7, 10) and date(substr(diagnosed_on || '-01-01', 1, 10)) is substr(diagnosed_on || '-01-01', 1, 10))),
        functional_syndrome text,
        disease_status text check (disease_status in ('AWD', 'NED', 'DOD', 'DOC', 'DUC')),
        index_on text check (index_on is null or date(index_on) is index_on),
        ctcae_version text check (ctcae_version in ('5.0', '6.0')),
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
    ) strict
    ;
INSERT INTO "patient" VALUES(1883364394616559441,'P-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:51.579Z',NULL,NULL);
INSERT INTO "patient" VALUES(1883364394617566327,'P-2',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:51.580Z',NULL,1883364394617639442);
CREATE TABLE pseudonym (
            id integer primary key,
            list_id integer not null,
            patient_id integer not null references patient,
            code text not null check (code <> ''),
            
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
        ) strict
        ;
CREATE TABLE quality_of_life (
        id integer primary key,
        patient_id integer not null references patient,
        stated_on text not null check (stated_on is null or date(stated_on) is stated_on),
        statement text,
        instrument text,
        score real,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch,
        check (statement is not null or score is not null)
    ) strict
    ;
CREATE TABLE setting (
        id integer primary key,
        name text not null unique,
        value text not null
    ) strict
    ;
CREATE TABLE therapy (
        id integer primary key,
        patient_id integer not null references patient,
        number integer not null check (number > 0),
        category text not null check (category <> ''),
        description text,
        started_on text check (started_on is null or (length(started_on) in (4, 7, 10) and date(substr(started_on || '-01-01', 1, 10)) is substr(started_on || '-01-01', 1, 10))),
        ended_on text check (ended_on is null or (length(ended_on) in (4, 7, 10) and date(substr(ended_on || '-01-01', 1, 10)) is substr(ended_on || '-01-01', 1, 10))),
        ongoing integer not null default 0 check (ongoing in (0, 1)),
        concomitant integer not null default 0 check (concomitant in (0, 1)),
        best_response text check (best_response in ('CR', 'PR', 'SD', 'PD', 'NE')),
        reason_stopped text,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch,
        check (ongoing = 0 or ended_on is null)
    ) strict
    ;
CREATE TABLE "toxicity" (
        id integer primary key,
        patient_id integer not null references patient,
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text check (onset_on is null or (length(onset_on) in (4, 7, 10) and date(substr(onset_on || '-01-01', 1, 10)) is substr(onset_on || '-01-01', 1, 10))),
        resolved_on text check (resolved_on is null or date(resolved_on) is resolved_on),
        outcome text,
        attribution text,
        treatment_emergent integer check (treatment_emergent in (0, 1)),
        lab_result_id integer references lab_result,
        comment text,
        
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch,
        check (resolved_on is null or onset_on is null or resolved_on >= onset_on)
    ) strict
    ;
INSERT INTO "toxicity" VALUES(1883364394616655712,1883364394616559441,NULL,NULL,'Anemia','5.0',NULL,2,'2024-03-05',NULL,NULL,NULL,NULL,1883364394616559442,NULL,'2026-12-01T09:10:51.579Z',NULL,NULL);
INSERT INTO "toxicity" VALUES(1883364394617566325,1883364394616559441,NULL,NULL,'Anemia','5.0',NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:51.579Z','2026-12-01T09:10:51.579Z',NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX journal_step on journal (step);
CREATE INDEX journal_row on journal (table_name, row_id);
CREATE TRIGGER journal_keeps_entries before update on journal
    begin select raise(abort, 'the journal is only ever added to'); end;
CREATE TRIGGER journal_loses_nothing before delete on journal
    begin select raise(abort, 'the journal is only ever added to'); end;
CREATE UNIQUE INDEX patient_code on patient (code) where deleted_at is null;
CREATE UNIQUE INDEX identity_patient on identity (patient_id) where deleted_at is null;
CREATE INDEX biopsy_patient on biopsy (patient_id);
CREATE UNIQUE INDEX metastasis_site on metastasis (patient_id, site)
     where deleted_at is null
    ;
CREATE UNIQUE INDEX therapy_number on therapy (patient_id, number)
     where deleted_at is null
    ;
CREATE UNIQUE INDEX cycle_number on cycle (patient_id, number) where deleted_at is null;
CREATE UNIQUE INDEX administration_number on administration (cycle_id, number)
     where deleted_at is null
    ;
CREATE INDEX lab_result_patient on lab_result (patient_id, analyte, taken_on);
CREATE INDEX assessment_patient on assessment (patient_id);
CREATE UNIQUE INDEX follow_up_day on follow_up (patient_id, seen_on) where deleted_at is null;
CREATE UNIQUE INDEX frozen_cohort_name on frozen_cohort (name) where deleted_at is null;
CREATE UNIQUE INDEX pseudonym_code on pseudonym (list_id, code);
CREATE UNIQUE INDEX pseudonym_patient on pseudonym (list_id, patient_id);
CREATE INDEX toxicity_patient on toxicity (patient_id);
CREATE INDEX dismissal_patient on dismissal (patient_id);
CREATE UNIQUE INDEX end_of_treatment_day on end_of_treatment (patient_id, ended_on)
     where deleted_at is null
    ;
COMMIT;
