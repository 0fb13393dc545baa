using System.Security.Cryptography;
using Aval.LanguageTraining;
using Aval.Text.Languages;

const string Usage = """
    usage: dotnet run -c Release --project models/language -- --data DIR [--data DIR …] --out FILE
    Trains the language model on texts and translations (SOURCE/LANGUAGE.jsonl.gz, SOURCE/LANGUAGE/*.mo), for example
      models/language/fetch /tmp/translations
      dotnet run -c Release --project models/language -- --data ../shared/data/text --data /tmp/translations \
          --out src/Aval/Text/Languages/languages.model
    """;

var (folders, output, understood) = (new List<string>(), "", args.Length > 0 && args.Length % 2 == 0);
for (var at = 0; at + 1 < args.Length; at += 2)
{
    switch (args[at])
    {
        case "--data" when Directory.Exists(args[at + 1]):
            folders.Add(args[at + 1]);
            break;
        case "--data":
            Console.Error.WriteLine($"--data {args[at + 1]}: expected a folder of sources, but there is none.");
            understood = false;
            break;
        case "--out":
            output = args[at + 1];
            break;
        default:
            understood = false;
            break;
    }
}

if (!understood || folders.Count == 0 || output.Length == 0)
{
    Console.Error.WriteLine(Usage + "\nNothing was trained.");
    return 2;
}

var texts = Sources.Read(folders);
foreach (var (variety, sources) in TrainedVariety.All.Zip(texts))
{
    Console.WriteLine($"{variety.Known.Name,-8} "
        + string.Join("  ", sources.Select(source => $"{source.Source} {source.Length / 1000}k")));
}

var model = Trainer.Train(texts, Recipe.Shipped, Console.WriteLine);
using (var file = File.Create(output))
    LanguageModelFile.Write(model, file);
Console.WriteLine($"{output}: {new FileInfo(output).Length} bytes, unpacked SHA-256 "
    + Convert.ToHexStringLower(SHA256.HashData(LanguageModelFile.ToBytes(model))));
return 0;
