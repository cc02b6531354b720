-- What consumers say in the public form, beside the claim itself. Owner: relief.
-- `contact` is the sealed telephone number, readable until it is erased; `lookup_key` a keyed hash of the code with which
-- the consumer sees how the claim stands. `form` names one filled form, so that sending it twice files one claim.

create table relief_claim_form (
  institution text not null,
  claim text not null,
  form text not null,
  basis text not null check (basis in ('fee', 'interest', 'price-difference', 'penalty', 'other')),
  alternative text not null check (alternative in ('worked', 'failed', 'not-tried')),
  contact bytea,
  lookup_key text not null,
  filed_at timestamptz not null,
  primary key (institution, claim, form),
  foreign key (institution, claim) references relief_claim (institution, id)
);
create unique index relief_claim_form_once on relief_claim_form (institution, form);

grant select, insert on relief_claim_form to breakwater_app;
grant update (contact) on relief_claim_form to breakwater_app;
