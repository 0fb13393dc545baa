using System.Text.Json;
using Aval.Runs;

namespace Aval.Papers;

/// <summary>What left the workspace and what was made of it, as facts.</summary>
internal static class PaperRegister
{
    /// <summary>Writes the members.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Registered> register)
    {
        var stated = register.Select(one => one.Stated).ToArray();
        var (exports, models) = (stated.OfType<ExportMade>().ToArray(), RegisteredModels.Of(register));
        json.WriteNumber("exports_made", exports.Length);
        json.WriteNumber("runs_begun", stated.OfType<RunBegun>().Count());
        json.WriteNumber("models_registered", models.All.Count);
        json.WriteNumber("notices_written", stated.OfType<NoticeWritten>().Count());
        json.WriteNumber("notices_acknowledged", stated.OfType<NoticeAcknowledged>().Count());
        json.WriteStartObject("recipients");
        foreach (var recipient in exports.Select(export => export.Recipient).OfType<string>()
            .Concat(models.All.SelectMany(model => model.Recipients)).Distinct().Order(StringComparer.Ordinal))
        {
            json.WriteStartObject(recipient);
            json.WriteNumber("exports", exports.Count(export => export.Recipient == recipient));
            json.WriteNumber("models", models.All.Count(model => model.Recipients.Contains(recipient)));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("studies");
        // The last one of a name stands: what came before it is in the register.
        foreach (var study in register.Where(one => one.Stated is StudyMade)
            .GroupBy(one => ((StudyMade)one.Stated).Study).OrderBy(one => one.Key, StringComparer.Ordinal))
            Write(json, study.Last().Index, (StudyMade)study.Last().Stated);
        json.WriteEndObject();
        json.WriteStartObject("models");
        foreach (var model in models.All)
            Write(json, model, models, exports);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, EntryIndex entry, StudyMade study)
    {
        json.WriteStartObject(study.Study);
        json.WriteString("release", study.Release);
        json.WriteNumber("entry", entry.Value);
        json.WriteNumber("plan_entry", study.PlanEntry);
        json.WriteString("state", study switch
        {
            { Shows: false } => "shows-nothing",
            { Exploratory: true } => "exploratory",
            _ => "shows",
        });
        json.WriteEndObject();
    }

    private static void Write(
        Utf8JsonWriter json, Model model, RegisteredModels models, IReadOnlyList<ExportMade> exports)
    {
        var sources = models.Sources(model);
        json.WriteStartObject(model.Name);
        json.WriteString("registered_at", model.Registered.At.ToText());
        json.WriteString("distribution", model.Widest switch
        {
            Distribution.Internal => "internal",
            Distribution.Api => "api",
            Distribution.OpenWeights => "open-weights",
        });
        if (model.Distributed.FirstOrDefault(one => one.As != Distribution.Internal) is { } first)
            json.WriteString("first_given", first.At.ToText());
        Write(json, "from", [.. models.Ancestry(model).Skip(1).Select(one => one.Name)]);
        json.WriteBoolean("distilled", models.Ancestry(model).Any(one =>
            one.Registered.How is Derivation.Distillation));
        Write(json, "releases", [.. sources.Select(source => source.Release).Distinct()]);
        // Of a source that is no export nobody counted the tokens: half a sum would be read as the whole.
        var read = sources.Select(source => exports.FirstOrDefault(export => export.Export == source.Export)).ToArray();
        if (read.Length > 0 && read.All(export => export is not null))
        {
            json.WriteNumber("tokens", read.Sum(export => export!.Splits.Sum(split => split.Tokens)));
            json.WriteString("tokenizer", read[0]!.Tokenizer);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> all)
    {
        json.WriteStartArray(name);
        foreach (var one in all)
            json.WriteStringValue(one);
        json.WriteEndArray();
    }
}
