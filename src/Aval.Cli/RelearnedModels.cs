using System.Text.Json;
using Aval.Models;

namespace Aval.Cli;

/// <summary>What became of reference models whose releases were withdrawn, as recalls and erasures tell it.</summary>
internal static class RelearnedModels
{
    public static void Print(TextWriter output, IReadOnlyList<Relearned> models)
    {
        foreach (var model in models)
            output.WriteLine(model.By is { } by
                ? $"Model {model.Model} unlearned: {by} stands in its place, trained on {model.Release}."
                : $"Model {model.Model} did NOT unlearn: {model.Why}");
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<Relearned> models)
    {
        json.WriteStartArray("models");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Model);
            if (model.By is { } by)
                json.WriteString("replaced_by", by);
            if (model.Release is { } release)
                json.WriteString("release", release);
            if (model.Why is { } why)
                json.WriteString("why_not", why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
