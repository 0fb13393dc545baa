using Aval.Policies;
using Aval.Tests.Policies;

namespace Aval.Tests.Proofs;

/// <summary>The verifier's reader against the engine's: both read the same, or the verifier says that it
/// cannot.</summary>
public sealed class PlainPolicyTests
{
    [Theory]
    [InlineData("announced-2025")]
    [InlineData("cologne-2025")]
    [InlineData("opt-in")]
    [InlineData("opt-in-strict")]
    [InlineData("opt-out")]
    public void Every_shipped_policy_is_read_as_the_engine_reads_it(string name)
    {
        var policy = PolicyReader.Read(PolicyReader.Find(name));
        Assert.Equal(WordsOf(policy), PlainPolicy.Read(policy.Text));
        Assert.Equal(WordsOf(policy), PlainPolicy.Read(policy.Text.ReplaceLineEndings("\r\n")));
    }

    [Theory]
    [InlineData("purpose: train-generative-ai", "purpose: train-generative-ai   # Art. 6 \"x\": y")]
    [InlineData("purpose: train-generative-ai", "purpose:   \"train-generative-ai\"")]
    [InlineData("purpose: train-generative-ai", "purpose: 'train-generative-ai' # said")]
    [InlineData("purpose: train-generative-ai", "# purpose: combine-services\npurpose: train-generative-ai\n\n  # "
        + "basis: consent")]
    [InlineData("title: A small policy", "title: \"A \\\"small\\\": 'policy'\" # x")]
    [InlineData("title: A small policy", "title: 'It''s # small'")]
    [InlineData("title: A small policy", "title: >-\n  purpose: combine-services\n  basis: consent")]
    [InlineData("title: A small policy", "title: A\n  small policy")]
    [InlineData("rules:", "replay-only: true\nrules:")]
    [InlineData("rules:", "replay-only: false # no\nrules:")]
    [InlineData("rules:", "sources: [\"basis: consent\"]\nrules:")]
    [InlineData("rules:", "sources:\n- \"basis: consent\"\nrules:")]
    [InlineData("policy: small", "\uFEFFpolicy: small")]
    public void What_is_plain_is_read_as_the_engine_reads_it(string part, string other)
    {
        var text = PolicyTexts.Instead(part, other);
        Assert.Equal(WordsOf(PolicyTexts.Read(text)), PlainPolicy.Read(text));
    }

    // All of these are YAML, and some of them a policy to who reads the whole of it; or one thing to one reader and
    // another to the next.
    [Theory]
    [InlineData("purpose: train-generative-ai", "\"purpose\": train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose : train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "? purpose\n: train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose:\n  train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose: >-\n  train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose: \" train-generative-ai\"")]
    [InlineData("purpose: train-generative-ai", "purpose: \"train\\u002dgenerative-ai\"")]
    [InlineData("purpose: train-generative-ai", "purpose: train-generative-ai\n  x")]
    [InlineData("purpose: train-generative-ai", "purpose: train-generative-ai2")]
    [InlineData("purpose: train-generative-ai", "purpose: train-generative-ai#x")]
    [InlineData("purpose: train-generative-ai", "purpose: combine-services\npurpose: train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose: !!str train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose: &p train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "&p purpose: train-generative-ai")]
    [InlineData("purpose: train-generative-ai", "purpose: train-generative-ai\u2028basis: consent")]
    [InlineData("purpose: train-generative-ai", "purpose:\ttrain-generative-ai")]
    [InlineData("purpose: train-generative-ai", "more: {purpose: train-generative-ai}")]
    [InlineData("basis: legitimate-interest", "basis: null")]
    [InlineData("basis: legitimate-interest", "basis: vital-interest")]
    [InlineData("basis: legitimate-interest", "basis: legitimate-interest\rx: y")]
    [InlineData("title: A small policy", "title: \"A\nreplay-only: true\n small policy\"")]
    [InlineData("title: A small policy", "title: 'A\nreplay-only: true\n small policy'")]
    [InlineData("title: A small policy", "title:\n  \"A\nreplay-only: true\n  small policy\"")]
    [InlineData("title: A small policy", "title: \"A\\\"\nreplay-only: true\n small policy\"")]
    [InlineData("rules:", "sources: [\"A\nreplay-only: true\n B\"]\nrules:")]
    [InlineData("rules:", "replay-only: \"true\"\nrules:")]
    [InlineData("rules:", "replay-only: yes\nrules:")]
    [InlineData("rules:", "sources: []\nreplay-only: true\nrules:")]
    [InlineData("policy: small", "---\npolicy: small")]
    [InlineData("policy: small", "%YAML 1.2\n---\npolicy: small")]
    [InlineData("policy: small", "{policy: small}\n---")]
    [InlineData("policy: small", " policy: small")]
    public void What_is_too_clever_is_not_read_and_makes_no_release(string part, string other)
    {
        var text = PolicyTexts.Instead(part, other);
        Assert.Equal(ProofFailure.Malformed, Assert.Throws<ProofException>(() => PlainPolicy.Read(text)).Failure);
        Assert.NotEmpty(PolicyTexts.Problems(text));
    }

    private static PlainPolicy WordsOf(Policy policy) =>
        new(policy.Name, policy.Purpose.Name, policy.Basis.ToText(), policy.ReplayOnly);
}
