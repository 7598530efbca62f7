-- Shared small lists (reference tables) ------------------------------------------------------

CREATE TABLE document_kind (
  document_kind text CONSTRAINT document_kind_pk PRIMARY KEY
);
INSERT INTO document_kind VALUES ('citizen'), ('residence_permit'), ('foreign_permanent'),
  ('hk_macao_permit'), ('taiwan_permit'), ('passport'), ('birth_certificate');

CREATE TABLE department_code (
  department_code text CONSTRAINT department_code_pk PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL
);

-- Platform-wide: accounts and persons, each keyed by its own id ------------------------------

CREATE TABLE vault_check (
  key_ring_id text CONSTRAINT vault_check_pk PRIMARY KEY,
  fingerprint bytea NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE account (
  account_id uuid CONSTRAINT account_pk PRIMARY KEY,
  phone_cipher bytea,
  language text NOT NULL CONSTRAINT account_language_known CHECK (language IN ('zh', 'en')),
  created_at timestamptz NOT NULL,
  last_active_at timestamptz NOT NULL,
  phone_released_at timestamptz,
  CONSTRAINT account_phone_until_released
    CHECK ((phone_cipher IS NULL) = (phone_released_at IS NOT NULL))
);

CREATE TABLE phone_index (
  phone_index bytea CONSTRAINT phone_index_pk PRIMARY KEY,
  account_id uuid NOT NULL,
  since timestamptz NOT NULL
);

CREATE TABLE login_code (
  phone_index bytea NOT NULL,
  login_code_id uuid NOT NULL,
  code_mac bytea NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT login_code_pk PRIMARY KEY (phone_index, login_code_id),
  CONSTRAINT login_code_tries_limited CHECK (tries BETWEEN 0 AND 5)
);

CREATE TABLE rate_count (
  bucket bytea NOT NULL,
  window_start timestamptz NOT NULL,
  hits integer NOT NULL,
  CONSTRAINT rate_count_pk PRIMARY KEY (bucket, window_start),
  CONSTRAINT rate_count_positive CHECK (hits > 0)
);

CREATE TABLE account_session (
  session_hash bytea CONSTRAINT account_session_pk PRIMARY KEY,
  account_id uuid NOT NULL,
  device text NOT NULL,
  proof_required boolean NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX account_session_by_account ON account_session (account_id);

CREATE TABLE patient (
  patient_id uuid CONSTRAINT patient_pk PRIMARY KEY,
  assurance text NOT NULL,
  assurance_at timestamptz NOT NULL,
  identity_id uuid,
  created_at timestamptz NOT NULL,
  CONSTRAINT patient_assurance_known CHECK (assurance IN ('declared', 'matched', 'seen'))
);
COMMENT ON COLUMN patient.identity_id IS
  'the identity row that an authority matched or the desk compared; null while only declared';

CREATE TABLE identity (
  patient_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  document_kind text NOT NULL,
  name_cipher bytea NOT NULL,
  document_cipher bytea NOT NULL,
  birth_cipher bytea,
  source text NOT NULL,
  made_by uuid NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT identity_pk PRIMARY KEY (patient_id, identity_id),
  CONSTRAINT identity_of_patient FOREIGN KEY (patient_id) REFERENCES patient (patient_id),
  CONSTRAINT identity_document_kind_known FOREIGN KEY (document_kind)
    REFERENCES document_kind (document_kind),
  CONSTRAINT identity_source_known CHECK (source IN ('account', 'desk'))
);

CREATE TABLE document_index (
  document_index bytea CONSTRAINT document_index_pk PRIMARY KEY,
  patient_id uuid NOT NULL,
  since timestamptz NOT NULL
);
CREATE INDEX document_index_by_patient ON document_index (patient_id);

CREATE TABLE patient_link (
  account_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  relation text,
  guardian_patient_id uuid,
  linked_at timestamptz NOT NULL,
  removed_at timestamptz,
  CONSTRAINT patient_link_pk PRIMARY KEY (account_id, patient_id),
  CONSTRAINT patient_link_of_account FOREIGN KEY (account_id) REFERENCES account (account_id),
  CONSTRAINT patient_link_relation_known
    CHECK (relation IN ('self', 'child', 'parent', 'spouse', 'relative', 'friend')),
  CONSTRAINT patient_link_guardian_is_another CHECK (guardian_patient_id <> patient_id)
);
CREATE UNIQUE INDEX patient_link_one_self ON patient_link (account_id)
  WHERE relation = 'self' AND removed_at IS NULL;

CREATE TABLE authority_answer (
  patient_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  provider text NOT NULL,
  matched boolean NOT NULL,
  answered_at timestamptz NOT NULL,
  CONSTRAINT authority_answer_pk PRIMARY KEY (patient_id, identity_id, provider)
);

-- A hospital and its people -------------------------------------------------------------------

CREATE TABLE hospital (
  hospital_id uuid CONSTRAINT hospital_pk PRIMARY KEY,
  code text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  zone text NOT NULL,
  address_zh text NOT NULL,
  address_en text NOT NULL,
  phone text NOT NULL,
  notice_zh text NOT NULL,
  notice_en text NOT NULL,
  free_cancel_days_before integer NOT NULL DEFAULT 1,
  free_cancel_time time NOT NULL DEFAULT '15:00',
  CONSTRAINT hospital_free_cancel_in_range CHECK (free_cancel_days_before BETWEEN 0 AND 14)
);

CREATE TABLE campus (
  hospital_id uuid NOT NULL,
  campus_id uuid NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  address_zh text NOT NULL,
  address_en text NOT NULL,
  CONSTRAINT campus_pk PRIMARY KEY (hospital_id, campus_id),
  CONSTRAINT campus_of_hospital FOREIGN KEY (hospital_id) REFERENCES hospital (hospital_id),
  CONSTRAINT campus_name_once UNIQUE (hospital_id, name_zh)
);

CREATE TABLE department (
  hospital_id uuid NOT NULL,
  department_id uuid NOT NULL,
  campus_id uuid NOT NULL,
  department_code text,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  place_zh text NOT NULL,
  place_en text NOT NULL,
  search_words text[] NOT NULL,
  CONSTRAINT department_pk PRIMARY KEY (hospital_id, department_id),
  CONSTRAINT department_of_campus FOREIGN KEY (hospital_id, campus_id)
    REFERENCES campus (hospital_id, campus_id),
  CONSTRAINT department_code_known FOREIGN KEY (department_code)
    REFERENCES department_code (department_code),
  CONSTRAINT department_name_once UNIQUE (hospital_id, campus_id, name_zh)
);

CREATE TABLE practitioner (
  hospital_id uuid NOT NULL,
  practitioner_id uuid NOT NULL,
  department_id uuid NOT NULL,
  name text NOT NULL,
  title text NOT NULL,
  search_words text[] NOT NULL,
  CONSTRAINT practitioner_pk PRIMARY KEY (hospital_id, practitioner_id),
  CONSTRAINT practitioner_of_department FOREIGN KEY (hospital_id, department_id)
    REFERENCES department (hospital_id, department_id),
  CONSTRAINT practitioner_name_once UNIQUE (hospital_id, department_id, name)
);

CREATE TABLE visit_kind (
  hospital_id uuid NOT NULL,
  visit_kind_id uuid NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  fee_cents integer NOT NULL,
  mode text NOT NULL,
  CONSTRAINT visit_kind_pk PRIMARY KEY (hospital_id, visit_kind_id),
  CONSTRAINT visit_kind_of_hospital FOREIGN KEY (hospital_id) REFERENCES hospital (hospital_id),
  CONSTRAINT visit_kind_name_once UNIQUE (hospital_id, name_zh),
  CONSTRAINT visit_kind_fee_not_negative CHECK (fee_cents >= 0),
  CONSTRAINT visit_kind_mode_known CHECK (mode IN ('instant', 'draw'))
);

CREATE TABLE release_rule (
  hospital_id uuid NOT NULL,
  release_rule_id uuid NOT NULL,
  department_id uuid,
  days_ahead integer NOT NULL,
  release_time time NOT NULL,
  CONSTRAINT release_rule_pk PRIMARY KEY (hospital_id, release_rule_id),
  CONSTRAINT release_rule_of_department FOREIGN KEY (hospital_id, department_id)
    REFERENCES department (hospital_id, department_id),
  CONSTRAINT release_rule_one_each UNIQUE NULLS NOT DISTINCT (hospital_id, department_id),
  CONSTRAINT release_rule_days_in_range CHECK (days_ahead BETWEEN 0 AND 90)
);

CREATE TABLE holiday (
  hospital_id uuid NOT NULL,
  day date NOT NULL,
  is_working boolean NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  is_confirmed boolean NOT NULL,
  CONSTRAINT holiday_pk PRIMARY KEY (hospital_id, day),
  CONSTRAINT holiday_of_hospital FOREIGN KEY (hospital_id) REFERENCES hospital (hospital_id)
);

CREATE TABLE limit_rule (
  hospital_id uuid NOT NULL,
  limit_code text NOT NULL,
  valid_from date NOT NULL,
  valid_to date,
  most integer NOT NULL,
  window_days integer NOT NULL,
  bar_days integer NOT NULL DEFAULT 0,
  CONSTRAINT limit_rule_pk PRIMARY KEY (hospital_id, limit_code, valid_from),
  CONSTRAINT limit_rule_of_hospital FOREIGN KEY (hospital_id) REFERENCES hospital (hospital_id),
  CONSTRAINT limit_rule_code_known CHECK (limit_code IN
    ('departments-per-day', 'appointments-per-week', 'no-shows', 'late-cancels')),
  CONSTRAINT limit_rule_figures_in_range CHECK (most > 0 AND window_days > 0 AND bar_days >= 0),
  CONSTRAINT limit_rule_looks_back_two_years CHECK (window_days + bar_days <= 730),
  CONSTRAINT limit_rule_dates_in_order CHECK (valid_to > valid_from)
);

CREATE TABLE staff (
  hospital_id uuid NOT NULL,
  staff_id uuid NOT NULL,
  login text NOT NULL,
  display_name text NOT NULL,
  password_hash text NOT NULL,
  totp_cipher bytea NOT NULL,
  totp_last_step bigint NOT NULL DEFAULT 0,
  roles text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  CONSTRAINT staff_pk PRIMARY KEY (hospital_id, staff_id),
  CONSTRAINT staff_of_hospital FOREIGN KEY (hospital_id) REFERENCES hospital (hospital_id),
  CONSTRAINT staff_login_once UNIQUE (hospital_id, login),
  CONSTRAINT staff_roles_known CHECK (roles <@ ARRAY['registrar', 'triage_nurse', 'practitioner',
    'schedule_manager', 'privacy_officer', 'administrator'] AND cardinality(roles) > 0)
);

CREATE TABLE staff_session (
  hospital_id uuid NOT NULL,
  session_hash bytea NOT NULL,
  staff_id uuid NOT NULL,
  device text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT staff_session_pk PRIMARY KEY (hospital_id, session_hash),
  CONSTRAINT staff_session_of_staff FOREIGN KEY (hospital_id, staff_id)
    REFERENCES staff (hospital_id, staff_id)
);

-- Clinics and their numbers -------------------------------------------------------------------

CREATE TABLE schedule_import (
  hospital_id uuid NOT NULL,
  schedule_import_id uuid NOT NULL,
  digest bytea NOT NULL,
  file_name text NOT NULL,
  imported_by uuid NOT NULL,
  imported_at timestamptz NOT NULL,
  added integer NOT NULL,
  changed integer NOT NULL,
  unchanged integer NOT NULL,
  CONSTRAINT schedule_import_pk PRIMARY KEY (hospital_id, schedule_import_id),
  CONSTRAINT schedule_import_of_hospital FOREIGN KEY (hospital_id)
    REFERENCES hospital (hospital_id)
);

CREATE TABLE clinic (
  hospital_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  department_id uuid NOT NULL,
  practitioner_id uuid,
  visit_kind_id uuid NOT NULL,
  day date NOT NULL,
  half_day text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  mode text NOT NULL,
  status text NOT NULL DEFAULT 'open',
  fee_cents integer NOT NULL,
  room text NOT NULL,
  released_at timestamptz NOT NULL,
  free_cancel_until timestamptz NOT NULL,
  CONSTRAINT clinic_pk PRIMARY KEY (hospital_id, clinic_id),
  CONSTRAINT clinic_of_department FOREIGN KEY (hospital_id, department_id)
    REFERENCES department (hospital_id, department_id),
  CONSTRAINT clinic_of_practitioner FOREIGN KEY (hospital_id, practitioner_id)
    REFERENCES practitioner (hospital_id, practitioner_id),
  CONSTRAINT clinic_of_visit_kind FOREIGN KEY (hospital_id, visit_kind_id)
    REFERENCES visit_kind (hospital_id, visit_kind_id),
  CONSTRAINT clinic_once UNIQUE NULLS NOT DISTINCT
    (hospital_id, department_id, practitioner_id, visit_kind_id, day, half_day),
  CONSTRAINT clinic_half_day_known CHECK (half_day IN ('morning', 'afternoon', 'evening')),
  CONSTRAINT clinic_mode_known CHECK (mode IN ('instant', 'draw')),
  CONSTRAINT clinic_status_known CHECK (status IN ('open', 'suspended', 'closed')),
  CONSTRAINT clinic_times_in_order CHECK (starts_at < ends_at),
  CONSTRAINT clinic_fee_not_negative CHECK (fee_cents >= 0)
);
CREATE INDEX clinic_by_department_day ON clinic (hospital_id, department_id, day);
CREATE INDEX clinic_by_day ON clinic (hospital_id, day);

CREATE TABLE slot (
  hospital_id uuid NOT NULL,
  slot_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  CONSTRAINT slot_pk PRIMARY KEY (hospital_id, slot_id),
  CONSTRAINT slot_of_clinic FOREIGN KEY (hospital_id, clinic_id)
    REFERENCES clinic (hospital_id, clinic_id),
  CONSTRAINT slot_start_once UNIQUE (hospital_id, clinic_id, starts_at),
  CONSTRAINT slot_at_most_30_minutes
    CHECK (starts_at < ends_at AND ends_at - starts_at <= interval '30 minutes')
);

CREATE TABLE slot_pool (
  hospital_id uuid NOT NULL,
  slot_id uuid NOT NULL,
  channel text NOT NULL,
  clinic_id uuid NOT NULL,
  capacity integer NOT NULL,
  taken integer NOT NULL DEFAULT 0,
  held_back integer NOT NULL DEFAULT 0,
  first_number integer NOT NULL,
  reopened integer[] NOT NULL DEFAULT '{}',
  CONSTRAINT slot_pool_pk PRIMARY KEY (hospital_id, slot_id, channel),
  CONSTRAINT slot_pool_of_slot FOREIGN KEY (hospital_id, slot_id)
    REFERENCES slot (hospital_id, slot_id),
  CONSTRAINT slot_pool_number_range_once UNIQUE (hospital_id, clinic_id, first_number),
  CONSTRAINT slot_pool_channel_known
    CHECK (channel IN ('online', 'window', 'followup', 'referral', 'urgent')),
  CONSTRAINT slot_pool_first_number_positive CHECK (first_number > 0),
  CONSTRAINT slot_pool_not_oversold
    CHECK (taken >= 0 AND held_back >= 0 AND taken + held_back <= capacity),
  CONSTRAINT slot_pool_reopened_within_capacity
    CHECK (taken + held_back + cardinality(reopened) <= capacity)
) WITH (fillfactor = 50);
COMMENT ON COLUMN slot_pool.reopened IS
  'numbers given out once and free again; issued = taken + held_back + cardinality(reopened)';
CREATE INDEX slot_pool_by_clinic ON slot_pool (hospital_id, clinic_id);

CREATE TABLE hospital_patient (
  hospital_id uuid NOT NULL,
  patient_id uuid NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_request_at timestamptz NOT NULL,
  CONSTRAINT hospital_patient_pk PRIMARY KEY (hospital_id, patient_id)
) WITH (fillfactor = 80);

CREATE TABLE appointment (
  hospital_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  slot_id uuid NOT NULL,
  department_id uuid NOT NULL,
  day date NOT NULL,
  channel text NOT NULL,
  number integer NOT NULL,
  patient_id uuid NOT NULL,
  identity_id uuid NOT NULL,
  account_id uuid,
  booked_by uuid NOT NULL,
  assurance text NOT NULL,
  booked_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'booked',
  status_at timestamptz NOT NULL,
  cancelled_late boolean NOT NULL DEFAULT false,
  cancel_reason text,
  CONSTRAINT appointment_pk PRIMARY KEY (hospital_id, appointment_id),
  CONSTRAINT appointment_of_pool FOREIGN KEY (hospital_id, slot_id, channel)
    REFERENCES slot_pool (hospital_id, slot_id, channel),
  CONSTRAINT appointment_status_known
    CHECK (status IN ('booked', 'arrived', 'fulfilled', 'noshow', 'cancelled')),
  CONSTRAINT appointment_assurance_known CHECK (assurance IN ('declared', 'matched', 'seen')),
  CONSTRAINT appointment_cancel_reason_known
    CHECK (cancel_reason IN ('patient', 'rescheduled', 'suspended', 'holder')),
  CONSTRAINT appointment_cancel_has_reason
    CHECK ((status = 'cancelled') = (cancel_reason IS NOT NULL)),
  CONSTRAINT appointment_late_only_if_cancelled CHECK (NOT cancelled_late OR status = 'cancelled')
);
CREATE UNIQUE INDEX appointment_one_live_per_clinic ON appointment
  (hospital_id, patient_id, clinic_id) WHERE status IN ('booked', 'arrived');
CREATE UNIQUE INDEX appointment_one_live_per_department_day ON appointment
  (hospital_id, patient_id, department_id, day) WHERE status IN ('booked', 'arrived');
CREATE UNIQUE INDEX appointment_number_once ON appointment (hospital_id, clinic_id, number)
  WHERE status <> 'cancelled';
CREATE INDEX appointment_by_patient ON appointment (hospital_id, patient_id, day);
CREATE INDEX appointment_by_account ON appointment (hospital_id, account_id, day)
  WHERE account_id IS NOT NULL;
CREATE INDEX appointment_counted ON appointment (hospital_id, patient_id, day)
  WHERE status = 'noshow' OR cancelled_late;

CREATE TABLE request (
  hospital_id uuid NOT NULL,
  actor_id uuid NOT NULL,
  request_id uuid NOT NULL,
  digest bytea NOT NULL,
  appointment_id uuid NOT NULL,
  refusal text,
  facts jsonb,
  seen integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  CONSTRAINT request_pk PRIMARY KEY (hospital_id, actor_id, request_id),
  CONSTRAINT request_facts_with_refusal CHECK (facts IS NULL OR refusal IS NOT NULL)
) WITH (fillfactor = 80);

CREATE TABLE arrival (
  hospital_id uuid NOT NULL,
  appointment_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  queue_number integer NOT NULL,
  arrived_at timestamptz NOT NULL,
  checked_in_by uuid NOT NULL,
  CONSTRAINT arrival_pk PRIMARY KEY (hospital_id, appointment_id),
  CONSTRAINT arrival_of_appointment FOREIGN KEY (hospital_id, appointment_id)
    REFERENCES appointment (hospital_id, appointment_id),
  CONSTRAINT arrival_of_clinic FOREIGN KEY (hospital_id, clinic_id)
    REFERENCES clinic (hospital_id, clinic_id),
  CONSTRAINT arrival_queue_number_once UNIQUE (hospital_id, clinic_id, queue_number),
  CONSTRAINT arrival_queue_number_positive CHECK (queue_number > 0)
);

CREATE TABLE arrival_counter (
  hospital_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  last_number integer NOT NULL,
  CONSTRAINT arrival_counter_pk PRIMARY KEY (hospital_id, clinic_id),
  CONSTRAINT arrival_counter_of_clinic FOREIGN KEY (hospital_id, clinic_id)
    REFERENCES clinic (hospital_id, clinic_id),
  CONSTRAINT arrival_counter_positive CHECK (last_number > 0)
) WITH (fillfactor = 50);
COMMENT ON TABLE arrival_counter IS
  'the last queue number of a clinic; its row is the last lock of a check-in';

CREATE TABLE suspension (
  hospital_id uuid NOT NULL,
  suspension_id uuid NOT NULL,
  clinic_id uuid NOT NULL,
  reason text NOT NULL,
  suspended_by uuid NOT NULL,
  suspended_at timestamptz NOT NULL,
  CONSTRAINT suspension_pk PRIMARY KEY (hospital_id, suspension_id),
  CONSTRAINT suspension_of_clinic FOREIGN KEY (hospital_id, clinic_id)
    REFERENCES clinic (hospital_id, clinic_id),
  CONSTRAINT suspension_once UNIQUE (hospital_id, clinic_id)
);

-- What was done, and what is to be told ---------------------------------------------------------

CREATE TABLE outbox (
  hospital_id uuid NOT NULL,
  outbox_id uuid NOT NULL,
  template text NOT NULL,
  account_id uuid,
  appointment_id uuid,
  cipher bytea,
  created_at timestamptz NOT NULL,
  next_try_at timestamptz,
  expires_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz,
  dead_at timestamptz,
  last_error text,
  CONSTRAINT outbox_pk PRIMARY KEY (hospital_id, outbox_id),
  CONSTRAINT outbox_ends_once
    CHECK (num_nonnulls(next_try_at, sent_at, dead_at) = 1),
  CONSTRAINT outbox_attempts_not_negative CHECK (attempts >= 0)
);
CREATE INDEX outbox_due ON outbox (hospital_id, expires_at) WHERE next_try_at IS NOT NULL;
CREATE UNIQUE INDEX outbox_one_reminder ON outbox (hospital_id, appointment_id)
  WHERE template = 'reminder';

CREATE TABLE audit_event (
  hospital_id uuid NOT NULL,
  event_id uuid NOT NULL,
  at timestamptz NOT NULL,
  action text NOT NULL,
  actor_kind text NOT NULL,
  actor_id uuid,
  patient_id uuid,
  subject_id uuid,
  fields text[] NOT NULL DEFAULT '{}',
  purpose text,
  request_id uuid,
  CONSTRAINT audit_event_pk PRIMARY KEY (hospital_id, event_id, at),
  CONSTRAINT audit_event_actor_known
    CHECK (actor_kind IN ('account', 'staff', 'program', 'visitor'))
) PARTITION BY RANGE (at);
CREATE TABLE audit_event_rest PARTITION OF audit_event DEFAULT;
CREATE INDEX audit_event_by_patient ON audit_event (hospital_id, patient_id, at);

-- Who may do what: the server's role may change only what may change ----------------------------

GRANT USAGE ON SCHEMA public TO renhao_server, renhao_worker, renhao_officer;

GRANT SELECT ON ALL TABLES IN SCHEMA public TO renhao_server;
REVOKE SELECT ON audit_event, audit_event_rest FROM renhao_server;
GRANT SELECT ON audit_event, hospital TO renhao_officer;
GRANT SELECT (hospital_id, staff_id, login, display_name, roles, active, created_at)
  ON staff TO renhao_officer;

GRANT SELECT ON alembic_version, vault_check, hospital, clinic, slot, slot_pool, hospital_patient,
  appointment, outbox TO renhao_worker;
GRANT SELECT (account_id, phone_cipher, language) ON account TO renhao_worker;
GRANT SELECT (expires_at) ON login_code TO renhao_worker;
GRANT SELECT (window_start) ON rate_count TO renhao_worker;
GRANT SELECT (expires_at, revoked_at) ON account_session TO renhao_worker;
GRANT SELECT (hospital_id, expires_at, revoked_at) ON staff_session TO renhao_worker;
GRANT SELECT (created_at) ON request TO renhao_worker;

GRANT INSERT ON vault_check, account, phone_index, login_code, rate_count, account_session,
  patient, identity, document_index, patient_link, authority_answer, hospital, campus, department,
  practitioner, visit_kind, release_rule, holiday, limit_rule, staff, staff_session,
  schedule_import, clinic, slot, slot_pool, hospital_patient, appointment, request, arrival,
  arrival_counter, suspension, outbox, audit_event TO renhao_server;
GRANT UPDATE (language, last_active_at, phone_released_at, phone_cipher) ON account TO renhao_server;
GRANT UPDATE (account_id, since) ON phone_index TO renhao_server;
GRANT UPDATE (tries, used_at) ON login_code TO renhao_server;
GRANT UPDATE (hits) ON rate_count TO renhao_server;
GRANT UPDATE (proof_required, seen_at, revoked_at) ON account_session TO renhao_server;
GRANT UPDATE (assurance, assurance_at, identity_id) ON patient TO renhao_server;
GRANT UPDATE (identity_id, relation, guardian_patient_id, linked_at, removed_at)
  ON patient_link TO renhao_server;
GRANT UPDATE (matched, answered_at) ON authority_answer TO renhao_server;
GRANT UPDATE (code, name_zh, name_en, address_zh, address_en, phone, notice_zh, notice_en,
  free_cancel_days_before, free_cancel_time) ON hospital TO renhao_server;
GRANT UPDATE (name_zh, name_en, address_zh, address_en) ON campus TO renhao_server;
GRANT UPDATE (department_code, name_zh, name_en, place_zh, place_en, search_words)
  ON department TO renhao_server;
GRANT UPDATE (title, search_words) ON practitioner TO renhao_server;
GRANT UPDATE (name_en, fee_cents, mode) ON visit_kind TO renhao_server;
GRANT UPDATE (days_ahead, release_time) ON release_rule TO renhao_server;
GRANT UPDATE (is_working, name_zh, name_en, is_confirmed) ON holiday TO renhao_server;
GRANT DELETE ON holiday TO renhao_server;
GRANT UPDATE (valid_to) ON limit_rule TO renhao_server;
GRANT UPDATE (display_name, password_hash, totp_cipher, totp_last_step, roles, active)
  ON staff TO renhao_server;
GRANT UPDATE (seen_at, revoked_at) ON staff_session TO renhao_server;
GRANT UPDATE (status, mode, fee_cents, room, starts_at, ends_at, released_at, free_cancel_until)
  ON clinic TO renhao_server;
GRANT UPDATE (ends_at) ON slot TO renhao_server;
GRANT UPDATE (capacity, taken, held_back, first_number, reopened) ON slot_pool TO renhao_server;
GRANT DELETE ON slot, slot_pool TO renhao_server;
GRANT UPDATE (last_request_at) ON hospital_patient TO renhao_server;
GRANT UPDATE (status, status_at, cancelled_late, cancel_reason) ON appointment TO renhao_server;
GRANT UPDATE (seen, refusal, facts) ON request TO renhao_server;
GRANT UPDATE (last_number) ON arrival_counter TO renhao_server;

GRANT INSERT ON outbox, audit_event TO renhao_worker;
GRANT UPDATE (next_try_at, attempts, sent_at, dead_at, last_error, cipher)
  ON outbox TO renhao_worker;
GRANT UPDATE (status, status_at, cancelled_late, cancel_reason) ON appointment TO renhao_worker;
GRANT UPDATE (status) ON clinic TO renhao_worker;
GRANT UPDATE (taken, held_back) ON slot_pool TO renhao_worker;
GRANT UPDATE (last_request_at) ON hospital_patient TO renhao_worker;
GRANT DELETE ON login_code, rate_count, account_session, staff_session, request, outbox
  TO renhao_worker;
