"""Prices, ceilings and capacities are sealed, in the lists and in what runs have frozen.

Takes about half a minute for 200,000 lines and as long again for each frozen run of that size; the service
stands still meanwhile. There is no way back: whoever needs the old release restores the backup.
"""

import json
from decimal import Decimal
from uuid import UUID

import django.contrib.postgres.fields
import django.core.validators
from django.db import migrations, models

from accounts.sealing import keys
from accounts.sealing.fields import SealedDecimalField, SealedJSONField, SealedTextField

BATCH = 5_000
POSITIVE = [django.core.validators.MinValueValidator(Decimal(0))]
LINES = {
    'matching_demandline': ('price_ceiling',),
    'matching_supplyline': ('free_capacity', 'committed', 'price_low', 'price_high'),
}
PAIR = ('run_id', 'need_position', 'offer_position')
ROW = ('upload_id', 'position')
HMAC = (
    "CASE {0} WHEN '' THEN '' ELSE"
    " encode(sha256(pads.outside || sha256(pads.inside || convert_to({0}, 'UTF8'))), 'hex') END"
)


def number(value):
    """As ``SealedDecimalField`` with four places."""
    return None if value is None else int(Decimal(value).scaleb(4)).to_bytes(8, 'big', signed=True)


def text(value):
    return value.encode()


def document(value):
    """What is empty stands as NULL."""
    value = json.loads(value) if isinstance(value, str) else value
    return json.dumps(value, ensure_ascii=False, separators=(',', ':')).encode() if value else None


def keyed(*names):
    """Hashes of what lines say were plain ones: prices could be tried out."""
    return {name: HMAC.format(f'line.{name}') for name in names}


COLUMNS = (
    ('matching_demandline', ('id',), {'price_ceiling': number}, (), keyed('fingerprint')),
    (
        'matching_supplyline',
        ('id',),
        dict.fromkeys(LINES['matching_supplyline'], number),
        ('committed',),
        keyed('fingerprint'),
    ),
    (
        'matching_match',
        PAIR,
        {'verdicts': text, 'values': document},
        ('verdicts',),
        {**keyed('demand_fingerprint', 'supply_fingerprint'), 'certain': "line.verdicts !~ '[A-Z][-?]'"},
    ),
    ('matching_nearmiss', PAIR, {'verdicts': text, 'values': document}, ('verdicts',), {}),
    ('matching_gap', ('id',), {'evidence_zh': text, 'evidence_en': text}, ('evidence_zh', 'evidence_en'), {}),
    ('matching_upload', ('id',), {'problems': document, 'notices': document}, (), {}),
    (
        'matching_uploadrow',
        ROW,
        dict.fromkeys(('values', 'children', 'changes', 'problems'), document),
        (),
        {'stamp': f"{HMAC.format('left(line.stamp, 64)')} || substr(line.stamp, 65)"},
    ),
)


def seal(table, name, place, plain):
    if plain is None:
        return None
    parts = (part.bytes if isinstance(part, UUID) else str(part).encode() for part in place)
    return keys.seal(plain, b'\0'.join((f"{table.replace('_', '.')}.{name}".encode(), *parts)))


def seal_everything(apps, schema_editor):
    keys.ensure(apps.get_model('accounts', 'DataKey'))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute('CREATE TEMP TABLE pads (inside bytea, outside bytea)')
        # By COPY, so that the key stands in no statement that a server might log.
        with cursor.copy('COPY pads FROM STDIN') as into:
            into.write_row(keys.keyed_pads())
        for table in COLUMNS:
            seal_columns(cursor, *table)
        seal_frozen(cursor)
        seal_shards(cursor)
        cursor.execute('DROP TABLE pads')


def seal_columns(cursor, table, place, encoded, filled, others):
    # Nothing has changed that anybody would want to read in the audit.
    cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER USER')
    added = ', '.join(f'ADD COLUMN {name}_sealed bytea' for name in encoded)
    cursor.execute(f'ALTER TABLE {table} {added}')
    cursor.execute(f'CREATE TEMP TABLE staged AS SELECT id FROM {table} WHERE false')
    cursor.execute(f'ALTER TABLE staged {added}')
    sets = {f'{name}_sealed': f'staged.{name}_sealed' for name in encoded} | others
    wanted = ', '.join((*place, *(f'"{name}"' for name in encoded)))
    for rows in batches(cursor, table, wanted):
        with cursor.copy('COPY staged FROM STDIN') as into:
            for key, *row in rows:
                at, values = row[: len(place)], row[len(place) :]
                into.write_row([key, *(seal(table, one, at, e(v)) for (one, e), v in zip(encoded.items(), values))])
        told = ', '.join(f'{name} = {value}' for name, value in sets.items())
        cursor.execute(f'UPDATE {table} line SET {told} FROM staged, pads WHERE staged.id = line.id')
        cursor.execute('TRUNCATE staged')
    cursor.execute('DROP TABLE staged')
    for name in encoded:
        cursor.execute(f'ALTER TABLE {table} DROP COLUMN "{name}"')
        cursor.execute(f'ALTER TABLE {table} RENAME COLUMN {name}_sealed TO "{name}"')
    for name in filled:
        cursor.execute(f'ALTER TABLE {table} ALTER COLUMN "{name}" SET NOT NULL')
    cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER USER')


def batches(cursor, table, wanted):
    after, last = '', []
    while True:
        cursor.execute(f'SELECT id, {wanted} FROM {table} {after} ORDER BY id LIMIT {BATCH}', last)
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after, last = 'WHERE id > %s', [rows[-1][0]]


def seal_frozen(cursor):
    cursor.execute('CREATE TEMP TABLE staged (id bigint, payload text, sealed bytea[])')
    for rows in batches(cursor, 'matching_frozenline', 'side, line_id, payload'):
        with cursor.copy('COPY staged FROM STDIN') as into:
            for key, side, line, payload in rows:
                into.write_row([key, *frozen(side, line, json.loads(payload))])
        cursor.execute(
            'UPDATE matching_frozenline line SET payload = staged.payload, sealed = staged.sealed,'
            f" fingerprint = {HMAC.format('line.fingerprint')} FROM staged, pads WHERE staged.id = line.id"
        )
        cursor.execute('TRUNCATE staged')
    cursor.execute('DROP TABLE staged')


def frozen(side, line, said):
    """What agreements had taken is off the frozen capacity already."""
    table = 'matching_demandline' if side == 'need' else 'matching_supplyline'
    names = LINES[table]
    numbers = [said.pop(name, None) for name in names]
    if side != 'need':
        numbers[1] = 0
    sealed = [seal(table, name, (line,), number(value)) for name, value in zip(names, numbers)]
    return json.dumps(said, ensure_ascii=False), sealed


def forget_indexes(apps, schema_editor):
    """Index files hold plain prices; workers make them again."""
    from matching import artefacts

    for name in artefacts.names():
        if name.endswith('.index'):
            artefacts.delete(name)


def seal_shards(cursor):
    """Results of runs that are under way; of finished ones they are gone."""
    cursor.execute("SELECT id, result FROM matching_shard WHERE stage = 'match' AND result <> ''")
    for key, result in cursor.fetchall():
        sealed = keys.seal(bytes(result), f'matching.shard.result {key}'.encode())
        cursor.execute('UPDATE matching_shard SET result = %s WHERE id = %s', [sealed, key])


def sealed_decimal(verbose_name, **options):
    return SealedDecimalField(
        bound_to=('pk',), decimal_places=4, max_digits=18, verbose_name=verbose_name, **options
    )


def sealed_json(kind, place, **options):
    return SealedJSONField(bound_to=place, default=kind, editable=False, null=True, **options)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_data_keys'),
        ('matching', '0026_invitations'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='supplyline', name='matching_supply_capacity_promised_once'),
        migrations.RemoveConstraint(model_name='supplyline', name='matching_supply_price_band'),
        migrations.AddField(
            model_name='frozenline',
            name='sealed',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BinaryField(null=True), default=list, size=None),
        ),
        migrations.AddField(
            model_name='match',
            name='certain',
            field=models.BooleanField(default=False, editable=False, verbose_name='certain'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(seal_everything),
                migrations.RunPython(forget_indexes),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='demandline',
                    name='price_ceiling',
                    field=sealed_decimal('price ceiling', blank=True, null=True, validators=POSITIVE),
                ),
                migrations.AlterField(
                    model_name='supplyline',
                    name='committed',
                    field=sealed_decimal('committed monthly capacity', default=Decimal(0), editable=False),
                ),
                migrations.AlterField(
                    model_name='supplyline',
                    name='free_capacity',
                    field=sealed_decimal('free monthly capacity', blank=True, null=True, validators=POSITIVE),
                ),
                migrations.AlterField(
                    model_name='supplyline',
                    name='price_high',
                    field=sealed_decimal('price to', blank=True, null=True, validators=POSITIVE),
                ),
                migrations.AlterField(
                    model_name='supplyline',
                    name='price_low',
                    field=sealed_decimal('price from', blank=True, null=True, validators=POSITIVE),
                ),
                *(
                    migrations.AlterField(model_name=model, name=name, field=field)
                    for model in ('match', 'nearmiss')
                    for name, field in (
                        ('verdicts', SealedTextField(blank=True, bound_to=PAIR, verbose_name='conditions')),
                        ('values', sealed_json(list, PAIR, verbose_name='criteria')),
                    )
                ),
                *(
                    migrations.AlterField('gap', name, SealedTextField(bound_to=('pk',)))
                    for name in ('evidence_zh', 'evidence_en')
                ),
                *(
                    migrations.AlterField('upload', name, sealed_json(list, ('pk',)))
                    for name in ('problems', 'notices')
                ),
                *(
                    migrations.AlterField('uploadrow', name, sealed_json(kind, ROW))
                    for name, kind in (('values', dict), ('children', dict), ('changes', list), ('problems', list))
                ),
            ],
        ),
    ]
