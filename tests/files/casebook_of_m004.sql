BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'theralog','m001_first_casebook','2026-12-01 09:10:26.248644+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'theralog','m002_dismissals','2026-12-01 09:10:26.249399+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'theralog','m003_frozen_cohorts','2026-12-01 09:10:26.249812+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'theralog','m004_pseudonyms','2026-12-01 09:10:26.250259+00:00');
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
    ) strict
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
CREATE TABLE dismissal (
            id integer primary key,
            patient_id integer not null references patient,
            lab_result_id integer not null references lab_result,
            term text not null check (term <> ''),
            ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
            grade integer not null check (grade between 1 and 5),
            reason text,
            
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch
        ) strict
        ;
INSERT INTO "dismissal" VALUES(1883364368057317970,1883364368057317967,1883364368057317968,'Anemia','5.0',1,NULL,'2026-12-01T09:10:26.250Z',NULL,NULL);
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
INSERT INTO "journal" VALUES(1,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'patient',1883364368057317967,NULL,'{"age_at_index": null, "batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "code": "P-1", "comment": null, "ctcae_version": null, "deleted_at": null, "diagnosed_on": null, "disease_status": null, "functional_syndrome": null, "height_cm": null, "id": 1883364368057317967, "index_on": null, "primary_site": null, "sex": null}',NULL,'bf82e3a51e9638e657dd3c533be1891988ffb6122a11a63e411046f3926e04d1');
INSERT INTO "journal" VALUES(2,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'lab_result',1883364368057317968,NULL,'{"analyte": "hb", "batch_id": null, "canonical_value": null, "changed_at": "2026-12-01T09:10:26.250Z", "comment": null, "comparator": null, "deleted_at": null, "fasting": null, "id": 1883364368057317968, "lln": null, "patient_id": 1883364368057317967, "taken_at": null, "taken_on": "2024-03-05", "uln": null, "unit": null, "value": "9", "visit": null}',NULL,'451030d7a13dea68eba9d6e4e8da7f3972fc0977aaa91745710e72d0bd073c42');
INSERT INTO "journal" VALUES(3,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'toxicity',1883364368057317969,NULL,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 2, "id": 1883364368057317969, "lab_result_id": 1883364368057317968, "onset_on": "2024-03-05", "outcome": null, "patient_id": 1883364368057317967, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'5f4638fe0a3c182bb7c6b52e89031e00ab5d22ebb658959e4a74e62a38797d48');
INSERT INTO "journal" VALUES(4,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'dismissal',1883364368057317970,NULL,'{"batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "ctcae_version": "5.0", "deleted_at": null, "grade": 1, "id": 1883364368057317970, "lab_result_id": 1883364368057317968, "patient_id": 1883364368057317967, "reason": null, "term": "Anemia"}',NULL,'abb0b0145fe0c2c650cf4172932bb0ab1aeb126b69e48862801bbc9e717cd4b6');
INSERT INTO "journal" VALUES(5,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'toxicity',1883364368057317971,NULL,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 1, "id": 1883364368057317971, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364368057317967, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'fa6c015f6e726d2ebe05386889caa43d96fde6a7833ec048f237beb3c831e185');
INSERT INTO "journal" VALUES(6,'2026-12-01T09:10:26.250Z','root',1883364368057293313,'step','Add',NULL,'toxicity',1883364368057317971,'{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": null, "grade": 1, "id": 1883364368057317971, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364368057317967, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}','{"attribution": null, "batch_id": null, "changed_at": "2026-12-01T09:10:26.250Z", "comment": null, "ctcae_version": "5.0", "cycle_id": null, "deleted_at": "2026-12-01T09:10:26.250Z", "grade": 1, "id": 1883364368057317971, "lab_result_id": null, "onset_on": null, "outcome": null, "patient_id": 1883364368057317967, "phase": null, "resolved_on": null, "term": "Anemia", "treatment_emergent": null, "verbatim": null}',NULL,'c223a6445d956208e76fc85b280e0172a3774660d73311f76c16d6729d2fd1e0');
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
    ) strict
    ;
INSERT INTO "lab_result" VALUES(1883364368057317968,1883364368057317967,'2024-03-05',NULL,NULL,'hb',NULL,'9',NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:26.250Z',NULL,NULL);
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
INSERT INTO "patient" VALUES(1883364368057317967,'P-1',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:26.250Z',NULL,NULL);
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
CREATE TABLE toxicity (
        id integer primary key,
        patient_id integer not null references patient,
        cycle_id integer references cycle,
        verbatim text,
        term text not null check (term <> ''),
        ctcae_version text not null check (ctcae_version in ('5.0', '6.0')),
        phase text check (phase in ('acute', 'long_term')),
        grade integer not null check (grade between 1 and 5),
        onset_on text check (onset_on is null or date(onset_on) is onset_on),
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
INSERT INTO "toxicity" VALUES(1883364368057317969,1883364368057317967,NULL,NULL,'Anemia','5.0',NULL,2,'2024-03-05',NULL,NULL,NULL,NULL,1883364368057317968,NULL,'2026-12-01T09:10:26.250Z',NULL,NULL);
INSERT INTO "toxicity" VALUES(1883364368057317971,1883364368057317967,NULL,NULL,'Anemia','5.0',NULL,1,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-12-01T09:10:26.250Z','2026-12-01T09:10:26.250Z',NULL);
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
CREATE INDEX toxicity_patient on toxicity (patient_id);
CREATE INDEX assessment_patient on assessment (patient_id);
CREATE UNIQUE INDEX follow_up_day on follow_up (patient_id, seen_on) where deleted_at is null;
CREATE INDEX dismissal_patient on dismissal (patient_id);
CREATE UNIQUE INDEX frozen_cohort_name on frozen_cohort (name) where deleted_at is null;
CREATE UNIQUE INDEX pseudonym_code on pseudonym (list_id, code);
CREATE UNIQUE INDEX pseudonym_patient on pseudonym (list_id, patient_id);
COMMIT;
