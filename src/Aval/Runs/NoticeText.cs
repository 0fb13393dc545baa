using System.Globalization;

namespace Aval.Runs;

/// <summary>What a notice to a recipient says.</summary>
internal static class NoticeText
{
    /// <summary>The texts, by language.</summary>
    public static IEnumerable<(string Language, string Text)> In(
        Notice notice, string controller, string rowsSha256, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(notice);
        var date = now.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        yield return ("en", English(notice, controller, rowsSha256, date));
        yield return ("fr", French(notice, controller, rowsSha256, date));
    }

    private static string English(Notice notice, string controller, string sha, string date) => $"""
        Notice {notice.Id}
        To: {notice.Recipient}
        From: {controller}
        Date: {date}

        Notice under Articles 17(2) and 19 of Regulation (EU) 2016/679 (GDPR)

        {(notice.IsExport
            ? $"You received our export {notice.About}."
            : $"You use our model {notice.About}.")} Since then, people whose texts {(notice.IsExport
                ? "are in it" : "it was trained on")} have said that these are not to be used for this purpose any more,
        or have asked for their erasure. {Rows(
            notice, "It concerns {0} rows; their keys are in rows.txt (SHA-256 {1}).",
            "Which rows it concerns can no longer be told.", sha)}

        We ask you
        {(notice.IsExport
            ? "1. to erase these rows and every copy of them, and not to train on them any more;\n2. to tell us which "
                + "models you have trained on them, and to whom you have given them or such models;"
            : "1. to stop using this model as soon as its successor is there, and to erase your copies of it, if any;\n"
                + "2. to tell us which models you have derived from it, and to whom you have given them or it;")}
        3. to pass this notice on to those recipients;
        4. to acknowledge what you have done under the number {notice.Id}.

        The keys name no person. Please do not try to find out whom they belong to.

        """.ReplaceLineEndings("\n");

    private static string French(Notice notice, string controller, string sha, string date) => $"""
        Notification {notice.Id}
        À : {notice.Recipient}
        De : {controller}
        Date : {date}

        Notification au titre des articles 17, paragraphe 2, et 19 du règlement (UE) 2016/679 (RGPD)

        {(notice.IsExport
            ? $"Vous avez reçu notre export {notice.About}."
            : $"Vous utilisez notre modèle {notice.About}.")} Depuis, des personnes dont les textes {(notice.IsExport
                ? "s'y trouvent" : "ont servi à son entraînement")} ont fait savoir qu'ils ne doivent plus être utilisés
        à cette fin, ou en ont demandé l'effacement. {Rows(
            notice, "{0} lignes sont concernées ; leurs clés figurent dans rows.txt (SHA-256 {1}).",
            "Il n'est plus possible de dire quelles lignes sont concernées.", sha)}

        Nous vous demandons
        {(notice.IsExport
            ? "1. d'effacer ces lignes et toute copie de celles-ci, et de ne plus entraîner de modèle avec elles ;\n"
                + "2. de nous indiquer quels modèles vous avez entraînés avec elles, et à qui vous les avez transmises "
                + "ou avez transmis de tels modèles ;"
            : "1. de cesser d'utiliser ce modèle dès que son successeur est disponible, et d'en effacer vos copies, le "
                + "cas échéant ;\n2. de nous indiquer quels modèles vous en avez dérivés, et à qui vous les avez "
                + "transmis ;")}
        3. de transmettre la présente notification à ces destinataires ;
        4. d'accuser réception de ce que vous avez fait sous le numéro {notice.Id}.

        Les clés ne désignent aucune personne. Merci de ne pas chercher à savoir à qui elles appartiennent.

        """.ReplaceLineEndings("\n");

    private static string Rows(Notice notice, string known, string unknown, string sha) => notice.Rows.Count == 0
        ? unknown
        : string.Format(CultureInfo.InvariantCulture, known, notice.Rows.Count, sha);
}
