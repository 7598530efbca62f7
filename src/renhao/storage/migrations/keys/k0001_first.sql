CREATE TABLE wrapped_key (
  owner_id uuid CONSTRAINT wrapped_key_pk PRIMARY KEY,
  ring_key_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL
);
GRANT USAGE ON SCHEMA public TO renhao_server, renhao_worker;
GRANT SELECT, INSERT ON wrapped_key TO renhao_server;
GRANT SELECT, DELETE ON wrapped_key TO renhao_worker;
