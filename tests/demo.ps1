<#
.SYNOPSIS
Walks the whole journey with the cmdlets, in a sandbox, and shows each step. Ends with 0 when the shell on the instance
has read its own instance profile from the metadata service.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$manifest = Join-Path (Split-Path $PSScriptRoot) 'SsmTools.psd1'
Import-Module $manifest
$clock = [System.Diagnostics.Stopwatch]::StartNew()

function Show-Step([string] $Command, [scriptblock] $Do) {
    "`n$($PSStyle.Foreground.Cyan)PS>$($PSStyle.Reset) $Command"
    $start = $clock.Elapsed
    & $Do | Out-String | ForEach-Object Trim
    "$($PSStyle.Dim)$('{0:n1} s' -f ($clock.Elapsed - $start).TotalSeconds)$($PSStyle.Reset)"
}

# What a user would type in the session: an IMDSv2 token, and with it the profile of this very instance.
$typed = @'
token=$(curl -sX PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/api/token")
curl -sH "X-aws-ec2-metadata-token: $token" "$AWS_EC2_METADATA_SERVICE_ENDPOINT/latest/meta-data/iam/info"
exit
'@

try {
    Show-Step '$sandbox = Start-SsmSandbox; $sandbox' {
        $script:sandbox = Start-SsmSandbox
        $sandbox
    }
    Show-Step 'New-SsmInstanceRole web -WhatIf' { New-SsmInstanceRole web -WhatIf }
    Show-Step '$role = New-SsmInstanceRole web; $role' {
        $script:role = New-SsmInstanceRole web
        $role
    }
    Show-Step '$instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1; $instance' {
        $script:instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1
        $instance
    }
    Show-Step '$instance | Test-SsmRegistration -Wait' { $instance | Test-SsmRegistration -Wait }
    Show-Step 'Enter-SsmSession web-1      (with three lines typed)' {
        $script:seen = $typed | & (Get-Process -Id $PID).Path -NoLogo -NoProfile -Command (
            "Import-Module '$manifest'; Enter-SsmSession web-1")
        $seen
    }
    if (($seen -join "`n") -notmatch [regex]::Escape($role.InstanceProfileArn)) {
        throw 'The shell did not see the profile of its instance.'
    }
    Show-Step 'Remove-SsmInstance web-1 -Confirm:$false -PassThru; Remove-SsmInstanceRole web' {
        Remove-SsmInstance web-1 -Confirm:$false -PassThru
        Remove-SsmInstanceRole web
    }
}
finally {
    Stop-SsmSandbox
}

"`nFrom nothing to a prompt and back in $('{0:n1}' -f $clock.Elapsed.TotalSeconds) s."
