namespace SsmTools.Sandbox.Tour;

/// <summary>
/// How an instance asks its metadata service, version 2: a token first, then the question. The machine may have little
/// installed, so the shell takes what there is: curl, or bash's own sockets, or GNU wget.
/// </summary>
internal static class TourScript
{
    /// <summary>What is printed before the answers. It is typed in two parts: an echo of the line is no answer.</summary>
    public const string Begin = "<tour>";

    /// <summary>What is printed after them.</summary>
    public const string End = "</tour>";

    /// <summary>For sh and whatever understands it.</summary>
    public static readonly string[] Posix =
    [
        "unset HISTFILE; M=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}; M=${M%/}; A=${M#*://}",
        "with_curl() { curl -sS -m 5 -X \"$1\" -H \"$2\" \"$M$3\"; }",
        "with_wget() { wget -q -T 5 -O - --method=\"$1\" --header=\"$2\" \"$M$3\"; }",
        "with_bash() { bash -c 'exec 3<>\"/dev/tcp/${1%:*}/${1##*:}\" && printf \"%s %s HTTP/1.1\\r\\nHost: %s\\r\\n%s\\r\\n"
            + "Content-Length: 0\\r\\nConnection: close\\r\\n\\r\\n\" \"$2\" \"$4\" \"$1\" \"$3\" >&3 && sed \"1,/^.\\{0,1\\}$/d\" <&3'"
            + " bash \"$A\" \"$1\" \"$2\" \"$3\"; }",
        "for W in curl bash wget none; do command -v $W >/dev/null 2>&1 && break; done; ask() { with_$W \"$@\"; }",
        "echo '<to''ur>'; echo \"asking with $W\"; TOKEN=$(ask PUT 'X-aws-ec2-metadata-token-ttl-seconds: 60' /latest/api/token);"
            + " ask GET \"X-aws-ec2-metadata-token: $TOKEN\" /latest/meta-data/iam/info; echo; echo '</to''ur>'",
    ];

    /// <summary>For PowerShell.</summary>
    public static readonly string[] PowerShell =
    [
        "$m = $env:AWS_EC2_METADATA_SERVICE_ENDPOINT.TrimEnd('/')",
        "$t = Invoke-RestMethod -Method Put -Headers @{ 'X-aws-ec2-metadata-token-ttl-seconds' = '60' } \"$m/latest/api/token\"",
        "Write-Output ('<to' + 'ur>'); Invoke-RestMethod -Headers @{ 'X-aws-ec2-metadata-token' = $t } \"$m/latest/meta-data/iam/info\""
            + " | ConvertTo-Json; Write-Output ('</to' + 'ur>')",
    ];
}
