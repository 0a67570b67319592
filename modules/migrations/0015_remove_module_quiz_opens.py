from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("modules", "0014_quiz_opens_is_a_rule")]

    operations = [migrations.RemoveField(model_name="module", name="quiz_opens")]
