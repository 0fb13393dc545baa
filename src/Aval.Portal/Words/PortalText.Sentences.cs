namespace Aval.Portal.Words;

// The sentences, in the order in which people meet them.
internal sealed partial class PortalText
{
    /// <summary>How many posts, by the form that a number asks for: {n}.</summary>
    public required IReadOnlyDictionary<string, string> Posts { get; init; }

    /// <summary>The site. Your posts and AI training</summary>
    public required string Title { get; init; }

    /// <summary>
    /// The first screen, when everybody is used who does not object. {controller} trains AI on what you published
    /// </summary>
    public required string UseHeading { get; init; }

    /// <summary>
    /// The first screen, when nobody is used who does not consent. May {controller} train AI on what you published?
    /// </summary>
    public required string AskHeading { get; init; }

    /// <summary>What</summary>
    public required string What { get; init; }

    /// <summary>What adults published for everyone on {services}. Private …</summary>
    public required string WhatText { get; init; }

    /// <summary>By whom</summary>
    public required string Who { get; init; }

    /// <summary>Why</summary>
    public required string Why { get; init; }

    /// <summary>To train AI that writes text.</summary>
    public required string WhyText { get; init; }

    /// <summary>On which legal basis</summary>
    public required string Basis { get; init; }

    /// <summary>Legitimate interest, Article 6(1)(f) GDPR. You were not asked for …</summary>
    public required string BasisInterest { get; init; }

    /// <summary>Your consent, Article 6(1)(a) GDPR. Without a yes of yours …</summary>
    public required string BasisConsent { get; init; }

    /// <summary>Since when</summary>
    public required string Since { get; init; }

    /// <summary>You may object at any time, and you need not say why. Nothing …</summary>
    public required string YourRight { get; init; }

    /// <summary>A button. Object</summary>
    public required string Object { get; init; }

    /// <summary>One tap. It covers all that you published and will publish, on …</summary>
    public required string ObjectNote { get; init; }

    /// <summary>If you leave this page, nothing is recorded.</summary>
    public required string LeaveNote { get; init; }

    /// <summary>This page was opened by the link in your information notice. It …</summary>
    public required string LinkNote { get; init; }

    /// <summary>This link opens nothing any more</summary>
    public required string LinkDead { get; init; }

    /// <summary>It was cut off, or a newer notice took its place. Nothing was …</summary>
    public required string LinkDeadText { get; init; }

    /// <summary>A button. Log in with {name}</summary>
    public required string LogIn { get; init; }

    /// <summary>To say yes, to take back a no, or to see what is held about you, …</summary>
    public required string LogInNote { get; init; }

    /// <summary>To object or to see what is held about you, open the link in your …</summary>
    public required string LogInFirst { get; init; }

    /// <summary>A button. Log out</summary>
    public required string LogOut { get; init; }

    /// <summary>The login did not work</summary>
    public required string LogInFailed { get; init; }

    /// <summary>It took too long, or it was used already. Nothing was recorded. …</summary>
    public required string LogInFailedText { get; init; }

    /// <summary>A heading and a button. Log in by e-mail</summary>
    public required string MailHeading { get; init; }

    /// <summary>Enter the address that your account has. You will get a letter …</summary>
    public required string MailAsk { get; init; }

    /// <summary>E-mail address</summary>
    public required string MailAddress { get; init; }

    /// <summary>A button. Send me the link</summary>
    public required string MailSend { get; init; }

    /// <summary>If an account has this address, a letter is on its way. The link …</summary>
    public required string MailSent { get; init; }

    /// <summary>This is no e-mail address. Nothing was sent.</summary>
    public required string MailWrong { get; init; }

    /// <summary>A button. Log in</summary>
    public required string MailLogIn { get; init; }

    /// <summary>A letter's subject. Your link to {controller}: your posts and AI …</summary>
    public required string MailSubject { get; init; }

    /// <summary>You asked to log in at {controller} to say whether your posts may …</summary>
    public required string MailText { get; init; }

    /// <summary>Each link works for 15 minutes, once. If you did not ask for this …</summary>
    public required string MailNote { get; init; }

    /// <summary>Logged in as {account}</summary>
    public required string LoggedInAs { get; init; }

    /// <summary>Train AI that writes text on what I published for everyone</summary>
    public required string PurposeTrain { get; init; }

    /// <summary>Combine for it what I published on several services</summary>
    public required string PurposeCombine { get; init; }

    /// <summary>Use in it what reveals my health, my beliefs, my origin or my sex …</summary>
    public required string PurposeSpecial { get; init; }

    /// <summary>Yes</summary>
    public required string Yes { get; init; }

    /// <summary>No</summary>
    public required string No { get; init; }

    /// <summary>A button. Record my answer</summary>
    public required string Answer { get; init; }

    /// <summary>Nothing was recorded: no question was answered.</summary>
    public required string AnswerMissing { get; init; }

    /// <summary>A yes ends on {date}. You can take it back at any time, here, in …</summary>
    public required string ConsentNote { get; init; }

    /// <summary>Consent is not asked for here: by the year of birth in this …</summary>
    public required string ConsentMinor { get; init; }

    /// <summary>This translation was drafted by a machine and no person has …</summary>
    public required string ConsentLanguage { get; init; }

    /// <summary>You said no. You will not be asked again before {date}; if you …</summary>
    public required string Locked { get; init; }

    /// <summary>Opens the question again. Answer again</summary>
    public required string AnswerAnyway { get; init; }

    /// <summary>You objected. A yes lifts the objection in the same act.</summary>
    public required string YesLifts { get; init; }

    /// <summary>You objected on {date}. Nothing of yours enters a corpus that is …</summary>
    public required string Objected { get; init; }

    /// <summary>You said yes on {date}. It ends on {until}.</summary>
    public required string Consented { get; init; }

    /// <summary>You have said nothing yet.</summary>
    public required string NothingSaid { get; init; }

    /// <summary>A button. Take back my yes</summary>
    public required string Withdraw { get; init; }

    /// <summary>A button. Lift my objection</summary>
    public required string Lift { get; init; }

    /// <summary>Narrow my objection</summary>
    public required string Narrow { get; init; }

    /// <summary>Your objection covers everything. It can cover less, if that is …</summary>
    public required string NarrowText { get; init; }

    /// <summary>Only what others wrote about me</summary>
    public required string NarrowAboutMe { get; init; }

    /// <summary>Only what I published on {service}</summary>
    public required string NarrowService { get; init; }

    /// <summary>Only certain posts</summary>
    public required string NarrowItems { get; init; }

    /// <summary>What a receipt says. You objected</summary>
    public required string SaidObjection { get; init; }

    /// <summary>You lifted your objection</summary>
    public required string SaidLifted { get; init; }

    /// <summary>You said yes</summary>
    public required string SaidConsent { get; init; }

    /// <summary>You said no</summary>
    public required string SaidRefusal { get; init; }

    /// <summary>You took back your yes</summary>
    public required string SaidWithdrawal { get; init; }

    /// <summary>You asked for restriction</summary>
    public required string SaidRestriction { get; init; }

    /// <summary>The restriction was lifted</summary>
    public required string SaidRestrictionLifted { get; init; }

    /// <summary>You asked for erasure</summary>
    public required string SaidErasure { get; init; }

    /// <summary>You asked for a post to be kept out</summary>
    public required string SaidRemoval { get; init; }

    /// <summary>You mandated an association</summary>
    public required string SaidMandate { get; init; }

    /// <summary>You ended a mandate</summary>
    public required string SaidMandateRevoked { get; init; }

    /// <summary>Mandate to {association} of {date}</summary>
    public required string Mandate { get; init; }

    /// <summary>End my mandates</summary>
    public required string MandatesEnd { get; init; }

    /// <summary>Recorded on {moment}. It counts in every corpus that is made from …</summary>
    public required string ReceiptFrom { get; init; }

    /// <summary>Models that were trained before: {models}. They are not undone by …</summary>
    public required string ReceiptModels { get; init; }

    /// <summary>No model that was trained before is registered here.</summary>
    public required string ReceiptNoModels { get; init; }

    /// <summary>Your receipt</summary>
    public required string Receipt { get; init; }

    /// <summary>It proves that your choice stands in a public ledger, word for …</summary>
    public required string ReceiptText { get; init; }

    /// <summary>Save the receipt</summary>
    public required string ReceiptSave { get; init; }

    /// <summary>The receipt as a QR code</summary>
    public required string ReceiptQr { get; init; }

    /// <summary>There is no receipt here</summary>
    public required string ReceiptGone { get; init; }

    /// <summary>This address led to a receipt for a day. What you said stays …</summary>
    public required string ReceiptGoneText { get; init; }

    /// <summary>Check it yourself</summary>
    public required string Check { get; init; }

    /// <summary>This page computes the proof in your browser. Nothing is sent. It …</summary>
    public required string CheckText { get; init; }

    /// <summary>The receipt</summary>
    public required string CheckFile { get; init; }

    /// <summary>The ledger’s key</summary>
    public required string CheckKey { get; init; }

    /// <summary>Check</summary>
    public required string CheckButton { get; init; }

    /// <summary>Without JavaScript, check with the program: aval verify receipt …</summary>
    public required string CheckNoScript { get; init; }

    /// <summary>Verified: this choice is in the ledger, word for word.</summary>
    public required string CheckGood { get; init; }

    /// <summary>Not verified:</summary>
    public required string CheckBad { get; init; }

    /// <summary>Save this page</summary>
    public required string CheckOffline { get; init; }

    /// <summary>My choices</summary>
    public required string MyChoices { get; init; }

    /// <summary>My data</summary>
    public required string MyData { get; init; }

    /// <summary>What is held about this account, and what was made of it (Article …</summary>
    public required string MyDataText { get; init; }

    /// <summary>Download as JSON</summary>
    public required string DownloadJson { get; init; }

    /// <summary>Download as CSV</summary>
    public required string DownloadCsv { get; init; }

    /// <summary>Corpus</summary>
    public required string Release { get; init; }

    /// <summary>In</summary>
    public required string Inside { get; init; }

    /// <summary>Out</summary>
    public required string Outside { get; init; }

    /// <summary>Reason</summary>
    public required string Reason { get; init; }

    /// <summary>Proof</summary>
    public required string Proof { get; init; }

    /// <summary>A link. that I am not in it</summary>
    public required string ProofAbsent { get; init; }

    /// <summary>A link. that I am in it</summary>
    public required string ProofPresent { get; init; }

    /// <summary>No corpus has been made yet.</summary>
    public required string NoRelease { get; init; }

    /// <summary>Models</summary>
    public required string Models { get; init; }

    /// <summary>Nothing of yours went into a registered model.</summary>
    public required string ModelNone { get; init; }

    /// <summary>Nobody can tell any more whether something of yours was in it.</summary>
    public required string NobodyKnows { get; init; }

    /// <summary>Recipients</summary>
    public required string Recipients { get; init; }

    /// <summary>When</summary>
    public required string When { get; init; }

    /// <summary>What was said</summary>
    public required string Said { get; init; }

    /// <summary>On which account</summary>
    public required string OnAccount { get; init; }

    /// <summary>Requests</summary>
    public required string Requests { get; init; }

    /// <summary>A button. Ask for erasure</summary>
    public required string Erase { get; init; }

    /// <summary>All that you published until now is erased here, for good. It …</summary>
    public required string EraseText { get; init; }

    /// <summary>A button. Ask for restriction</summary>
    public required string Restrict { get; init; }

    /// <summary>What is held is kept, and not used, while something is examined.</summary>
    public required string RestrictText { get; init; }

    /// <summary>You have an answer by {date}. If it takes longer, you are told …</summary>
    public required string Due { get; init; }

    /// <summary>You may complain to {authority}, and you may go to court.</summary>
    public required string Complain { get; init; }

    /// <summary>My requests</summary>
    public required string MyRequests { get; init; }

    /// <summary>What you asked for, how far it is, and by when you have an answer.</summary>
    public required string RequestsIntro { get; init; }

    /// <summary>You have asked for nothing yet.</summary>
    public required string NoRequests { get; init; }

    /// <summary>A copy of my data</summary>
    public required string RightAccess { get; init; }

    /// <summary>A correction</summary>
    public required string RightRectification { get; init; }

    /// <summary>Erasure</summary>
    public required string RightErasure { get; init; }

    /// <summary>Restriction</summary>
    public required string RightRestriction { get; init; }

    /// <summary>My data for another service</summary>
    public required string RightPortability { get; init; }

    /// <summary>Objection</summary>
    public required string RightObjection { get; init; }

    /// <summary>A post kept out</summary>
    public required string RightRemoval { get; init; }

    /// <summary>Received</summary>
    public required string StateReceived { get; init; }

    /// <summary>Accepted, not done yet</summary>
    public required string StateAccepted { get; init; }

    /// <summary>Something is asked of you</summary>
    public required string StateQuestion { get; init; }

    /// <summary>It takes longer</summary>
    public required string StateLonger { get; init; }

    /// <summary>Refused</summary>
    public required string StateRefused { get; init; }

    /// <summary>Done</summary>
    public required string StateDone { get; init; }

    /// <summary>Request {number}: {what}</summary>
    public required string RequestHeading { get; init; }

    /// <summary>Asked on {date}.</summary>
    public required string AskedOn { get; init; }

    /// <summary>You have an answer by {date}.</summary>
    public required string AnswerBy { get; init; }

    /// <summary>You should have had an answer by {date}. It is late.</summary>
    public required string AnswerLate { get; init; }

    /// <summary>Answered on {date}.</summary>
    public required string AnsweredOn { get; init; }

    /// <summary>Ask for a copy</summary>
    public required string AskAccess { get; init; }

    /// <summary>“My data” shows at once what is held here. Ask if you need more …</summary>
    public required string AskAccessText { get; init; }

    /// <summary>Ask for my data for another service</summary>
    public required string AskPortability { get; init; }

    /// <summary>What you published, in a form that another service can read …</summary>
    public required string AskPortabilityText { get; init; }

    /// <summary>Ask for a correction</summary>
    public required string AskRectification { get; init; }

    /// <summary>Write what is wrong, and what is right (Article 16 GDPR).</summary>
    public required string AskRectificationText { get; init; }

    /// <summary>Your words</summary>
    public required string WhatYouWrite { get; init; }

    /// <summary>Send</summary>
    public required string SendRequest { get; init; }

    /// <summary>Your request is recorded</summary>
    public required string RequestDone { get; init; }

    /// <summary>It has the number {number}. You have an answer by {date}.</summary>
    public required string RequestDoneText { get; init; }

    /// <summary>Keep this address: it shows how far your request is.</summary>
    public required string RequestKeep { get; init; }

    /// <summary>Others write about me, and I object</summary>
    public required string Mentioned { get; init; }

    /// <summary>You need no account. Write the name or the handle by which …</summary>
    public required string MentionedText { get; init; }

    /// <summary>Where an answer reaches you (you may leave it out)</summary>
    public required string MentionedReach { get; init; }

    /// <summary>Nothing was recorded: something has to be written, at most …</summary>
    public required string TextMissing { get; init; }

    /// <summary>I am in someone else’s post</summary>
    public required string Someone { get; init; }

    /// <summary>Anyone may ask that a post be kept out that says something about …</summary>
    public required string SomeoneText { get; init; }

    /// <summary>Service</summary>
    public required string SomeoneService { get; init; }

    /// <summary>The post’s number</summary>
    public required string SomeoneItem { get; init; }

    /// <summary>A button. Keep it out</summary>
    public required string SomeoneAsk { get; init; }

    /// <summary>Nothing was recorded: the number has the letters and digits of …</summary>
    public required string SomeoneWrong { get; init; }

    /// <summary>Back</summary>
    public required string Back { get; init; }

    /// <summary>The choice of language. Language</summary>
    public required string ChooseLanguage { get; init; }

    /// <summary>No tracker, and no cookie but this visit’s. Nobody here asks for …</summary>
    public required string Footer { get; init; }

    /// <summary>There is nothing here</summary>
    public required string NotFound { get; init; }

    /// <summary>The address may be mistyped. Nothing was recorded.</summary>
    public required string NotFoundText { get; init; }

    /// <summary>This visit has ended</summary>
    public required string Expired { get; init; }

    /// <summary>Nothing was recorded. Log in again and repeat what you meant to do.</summary>
    public required string ExpiredText { get; init; }

    /// <summary>Not confirmed</summary>
    public required string Busy { get; init; }

    /// <summary>Something here is busy or broken, and your choice was not …</summary>
    public required string BusyText { get; init; }
}
