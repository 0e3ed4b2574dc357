"""Minutes that stand once they are approved, actions, and consultations at large."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


# What is approved stands, whoever writes: a rule, a console, a repair by hand. First argument: how a row leads to its
# minutes. Second: columns that are no part of what was approved. Third: columns that may be emptied, never replaced,
# because a person has a right to be forgotten. Minutes are locked for the check, so that nobody approves meanwhile.
MINUTES_STAND = """
CREATE FUNCTION concertations_minutes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_row jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    free text[] := string_to_array(TG_ARGV[1], ' ');
    erasable text[] := string_to_array(TG_ARGV[2], ' ');
    approved boolean;
    each text;
BEGIN
    IF TG_ARGV[0] = 'self' THEN
        approved := coalesce(old_row->>'state', '') = 'approved';
    ELSIF TG_ARGV[0] = 'minutes' THEN
        PERFORM 1 FROM concertations_minutes
            WHERE id IN ((old_row->>'minutes_id')::bigint, (new_row->>'minutes_id')::bigint) AND state = 'approved'
            FOR SHARE;
        approved := FOUND;
    ELSE
        PERFORM 1 FROM concertations_minutes minutes
            JOIN concertations_minutessection section ON section.minutes_id = minutes.id
            WHERE section.id IN ((old_row->>'section_id')::bigint, (new_row->>'section_id')::bigint)
            AND minutes.state = 'approved'
            FOR SHARE OF minutes;
        approved := FOUND;
    END IF;
    IF approved AND TG_OP = 'UPDATE' THEN
        FOREACH each IN ARRAY erasable LOOP
            IF coalesce(new_row->>each, '') = '' THEN
                free := array_append(free, each);
            END IF;
        END LOOP;
        approved := new_row - free IS DISTINCT FROM old_row - free;
    END IF;
    IF approved THEN
        RAISE EXCEPTION 'concertations_minutes_stand: approved minutes do not change'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'concertations_minutes_stand';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END $$
"""
STANDING = {
    "minutes": ("self", "modified", ""),
    "minutessection": ("minutes", "modified item_id", ""),
    "minutespoint": ("section", "modified", ""),
    "action": (
        "section",
        "modified state closed_at outcome outcome_fr outcome_nl owner_email owner_language",
        "owner",
    ),
    "raisedneed": ("section", "modified need_id", "said_by said_by_email"),
    "sharednews": ("section", "modified news_id", "said_by"),
}
TRIGGER = """
CREATE TRIGGER concertations_{table}_stands BEFORE INSERT OR UPDATE OR DELETE ON concertations_{table}
FOR EACH ROW EXECUTE FUNCTION concertations_minutes_stand('{way}', '{free}', '{erasable}')
"""



class Migration(migrations.Migration):

    dependencies = [
        ('basins', '0003_need_steps'),
        ('concertations', '0004_tables_and_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('text', models.CharField(max_length=300, verbose_name='what will be done')),
                ('text_fr', models.CharField(max_length=300, null=True, verbose_name='what will be done')),
                ('text_nl', models.CharField(max_length=300, null=True, verbose_name='what will be done')),
                ('owner', models.CharField(blank=True, help_text='A function or a service rather than a name.', max_length=160, verbose_name='by whom')),
                ('owner_email', models.EmailField(blank=True, help_text='For the reminder; only the team sees it.', max_length=254, verbose_name="owner's e-mail")),
                ('owner_language', models.CharField(choices=[('fr', 'French'), ('nl', 'Dutch')], default='fr', max_length=2, verbose_name="owner's language")),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('state', models.CharField(choices=[('open', 'to be done'), ('done', 'done'), ('dropped', 'given up')], default='open', max_length=8, verbose_name='state')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed at')),
                ('outcome', models.TextField(blank=True, verbose_name='what became of it')),
                ('outcome_fr', models.TextField(blank=True, null=True, verbose_name='what became of it')),
                ('outcome_nl', models.TextField(blank=True, null=True, verbose_name='what became of it')),
            ],
            options={
                'verbose_name': 'action',
                'verbose_name_plural': 'actions',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('slug', models.SlugField(max_length=40, unique=True, verbose_name='address')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('title_fr', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('title_nl', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('organiser', models.CharField(blank=True, max_length=120, verbose_name='organiser')),
                ('held_on', models.DateField(verbose_name='first day')),
                ('sessions', models.JSONField(blank=True, default=list, verbose_name='sessions')),
            ],
            options={
                'verbose_name': 'consultation',
                'verbose_name_plural': 'consultations',
                'ordering': ['-held_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ActionStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(choices=[('open', 'to be done'), ('done', 'done'), ('dropped', 'given up')], max_length=8, verbose_name='from')),
                ('to_state', models.CharField(choices=[('open', 'to be done'), ('done', 'done'), ('dropped', 'given up')], max_length=8, verbose_name='to')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='concertations.action', verbose_name='action')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'step of an action',
                'verbose_name_plural': 'steps of actions',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('kind', models.CharField(choices=[('summary', 'Summary'), ('theme', 'Theme'), ('solution', 'Solution track'), ('gap', 'Gap'), ('expectation', 'Expectation'), ('transversal', 'Transversal need'), ('remarks', 'Final remarks')], max_length=12, verbose_name='kind')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('group', models.CharField(blank=True, max_length=20, verbose_name='group')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('title_fr', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('title_nl', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('words', models.TextField(blank=True, verbose_name='words that were heard')),
                ('words_fr', models.TextField(blank=True, null=True, verbose_name='words that were heard')),
                ('words_nl', models.TextField(blank=True, null=True, verbose_name='words that were heard')),
                ('definition', models.TextField(blank=True, verbose_name='definition')),
                ('definition_fr', models.TextField(blank=True, null=True, verbose_name='definition')),
                ('definition_nl', models.TextField(blank=True, null=True, verbose_name='definition')),
                ('search_text', models.TextField(blank=True, editable=False, verbose_name='as it is searched')),
                ('themes', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None, verbose_name='themes')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='concertations.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'part of a consultation',
                'verbose_name_plural': 'parts of consultations',
                'ordering': ['consultation', 'kind', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ConsultationStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('kind', models.CharField(choices=[('paragraph', 'paragraph'), ('need', 'need, with points'), ('other_need', 'other need'), ('remark', 'remark'), ('highlight', 'highlight'), ('idea', 'idea'), ('item', 'item'), ('organisation', 'who does it already'), ('reflection', 'reflection'), ('priority', 'priority')], max_length=12, verbose_name='kind')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('line', models.PositiveIntegerField(blank=True, null=True, verbose_name='line of the report')),
                ('cluster', models.CharField(blank=True, max_length=160, verbose_name='cluster')),
                ('text', models.TextField(verbose_name='text')),
                ('text_fr', models.TextField(null=True, verbose_name='text')),
                ('text_nl', models.TextField(null=True, verbose_name='text')),
                ('search_text', models.TextField(blank=True, editable=False, verbose_name='as it is searched')),
                ('rank', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rank')),
                ('p', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points for priority')),
                ('s', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='points of who can help')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concertations_consulted', to='basins.need', verbose_name='in the list of needs')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='details', to='concertations.consultationstatement', verbose_name='explains')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='statements', to='concertations.consultationpart', verbose_name='part')),
            ],
            options={
                'verbose_name': 'statement of a consultation',
                'verbose_name_plural': 'statements of consultations',
                'ordering': ['part', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('sent', 'sent, to be approved'), ('approved', 'approved')], default='draft', max_length=10, verbose_name='state')),
                ('figures', models.JSONField(blank=True, default=dict, editable=False, verbose_name='who was there, counted')),
                ('times_sent', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='times sent')),
                ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='sent at')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='approved at')),
                ('approved_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='minutes_approved', to='concertations.meeting', verbose_name='approved in')),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='concertations.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'minutes',
                'verbose_name_plural': 'minutes',
                'ordering': ['meeting__starts_at'],
            },
        ),
        migrations.CreateModel(
            name='MinutesSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('title_fr', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('title_nl', models.CharField(max_length=200, null=True, verbose_name='title')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='minuted', to='concertations.agendaitem', verbose_name='item')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='concertations.minutes', verbose_name='minutes')),
            ],
            options={
                'verbose_name': 'section of minutes',
                'verbose_name_plural': 'sections of minutes',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MinutesPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('kind', models.CharField(choices=[('remember', 'to remember'), ('decision', 'decision')], default='remember', max_length=10, verbose_name='kind')),
                ('text', models.TextField(verbose_name='text')),
                ('text_fr', models.TextField(null=True, verbose_name='text')),
                ('text_nl', models.TextField(null=True, verbose_name='text')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='concertations.minutessection', verbose_name='section')),
            ],
            options={
                'verbose_name': 'point of minutes',
                'verbose_name_plural': 'points of minutes',
                'ordering': ['pk'],
            },
        ),
        migrations.AddField(
            model_name='action',
            name='section',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='concertations.minutessection', verbose_name='section'),
        ),
        migrations.CreateModel(
            name='MinutesStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(choices=[('draft', 'draft'), ('sent', 'sent, to be approved'), ('approved', 'approved')], max_length=10, verbose_name='from')),
                ('to_state', models.CharField(choices=[('draft', 'draft'), ('sent', 'sent, to be approved'), ('approved', 'approved')], max_length=10, verbose_name='to')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='concertations.minutes', verbose_name='minutes')),
            ],
            options={
                'verbose_name': 'step of minutes',
                'verbose_name_plural': 'steps of minutes',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='RaisedNeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('title', models.CharField(max_length=200, verbose_name='what is missing')),
                ('language', models.CharField(choices=[('fr', 'French'), ('nl', 'Dutch')], max_length=2, verbose_name='language')),
                ('words', models.TextField(blank=True, verbose_name='in their words')),
                ('said_by', models.CharField(blank=True, help_text='A function or a service rather than a name.', max_length=120, verbose_name='who said it')),
                ('said_by_email', models.EmailField(blank=True, help_text='To answer this person; only the team sees it.', max_length=254, verbose_name='their e-mail')),
                ('about', models.CharField(blank=True, max_length=120, verbose_name='who lacks it')),
                ('need', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concertations_raised', to='basins.need', verbose_name='in the list of needs')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='concertations.minutessection', verbose_name='section')),
            ],
            options={
                'verbose_name': 'need raised at a meeting',
                'verbose_name_plural': 'needs raised at meetings',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SharedNews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='identifier')),
                ('created', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
                ('modified', models.DateTimeField(auto_now=True, verbose_name='modified')),
                ('title', models.CharField(max_length=140, verbose_name='title')),
                ('title_fr', models.CharField(max_length=140, null=True, verbose_name='title')),
                ('title_nl', models.CharField(max_length=140, null=True, verbose_name='title')),
                ('body', models.TextField(blank=True, verbose_name='text')),
                ('body_fr', models.TextField(blank=True, null=True, verbose_name='text')),
                ('body_nl', models.TextField(blank=True, null=True, verbose_name='text')),
                ('said_by', models.CharField(blank=True, help_text='A function or a service rather than a name.', max_length=120, verbose_name='who said it')),
                ('news', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='concertations_shared', to='basins.newsitem', verbose_name='in the news')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='news', to='concertations.minutessection', verbose_name='section')),
            ],
            options={
                'verbose_name': 'news shared at a meeting',
                'verbose_name_plural': 'news shared at meetings',
                'ordering': ['pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='consultationpart',
            constraint=models.UniqueConstraint(fields=('consultation', 'kind', 'number'), name='concertations_part_once_per_consultation'),
        ),
        migrations.AddConstraint(
            model_name='consultationstatement',
            constraint=models.UniqueConstraint(fields=('part', 'position'), name='concertations_statement_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', False), ('approved_in__isnull', False), ('state', 'approved')), models.Q(models.Q(('state', 'approved'), _negated=True), ('approved_at__isnull', True), ('approved_in__isnull', True)), _connector='OR'), name='concertations_minutes_approved_says_when_and_where'),
        ),
        migrations.AddConstraint(
            model_name='minutes',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('sent_at__isnull', False), _connector='OR'), name='concertations_minutes_sent_has_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='minutessection',
            constraint=models.UniqueConstraint(condition=models.Q(('item__isnull', False)), fields=('minutes', 'item'), name='concertations_section_once_per_item'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_on'], name='concertations_action_due'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='concertations_action_closed_has_a_moment'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'dropped'), _negated=True), models.Q(('outcome_fr__gt', ''), ('outcome_fr__isnull', False)), models.Q(('outcome_nl__gt', ''), ('outcome_nl__isnull', False)), _connector='OR'), name='concertations_action_given_up_says_why', violation_error_message='Say why it is given up.'),
        ),
        migrations.RunSQL(MINUTES_STAND, "DROP FUNCTION concertations_minutes_stand() CASCADE"),
        *(
            migrations.RunSQL(
                TRIGGER.format(table=table, way=way, free=free, erasable=erasable),
                f"DROP TRIGGER concertations_{table}_stands ON concertations_{table}",
            )
            for table, (way, free, erasable) in STANDING.items()
        ),
    ]
