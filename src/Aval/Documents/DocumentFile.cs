using System.Text;
using Aval.Storage;

namespace Aval.Documents;

/// <summary>A document as a file; its ending says in which form.</summary>
internal static class DocumentFile
{
    /// <summary>Refuses a file whose ending is none of a document's; asked before anything is made.</summary>
    /// <exception cref="AvalException">Usage.</exception>
    public static void Require(string path)
    {
        if (Path.GetExtension(path) is not (".html" or ".docx"))
            throw AvalException.Usage($"\"{Shown.Of(path)}\": a document is written as .html or .docx, and its ending "
                + "says which. Nothing was written. Name a file with one of these endings.");
    }

    /// <summary>Writes it, for its owner alone; a file that is there is replaced, whole.</summary>
    /// <exception cref="AvalException">Usage: the ending says nothing.</exception>
    public static void Write(string path, Document document)
    {
        Require(path);
        Durable.Replace(
            path,
            Path.GetExtension(path) == ".docx" ? DocumentDocx.Of(document) : Encoding.UTF8.GetBytes(
                DocumentHtml.Of(document)),
            Durable.Private);
    }
}
