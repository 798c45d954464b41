<#
.SYNOPSIS
Runs the examples of the cmdlets whose names begin with some letters, as a reader would: each in a PowerShell of its own.
.DESCRIPTION
Dot-sourced by the Examples files, which share the cmdlets so that none of them takes long.
#>
param([Parameter(Mandatory)] [string] $Letters)

BeforeDiscovery {
    $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'SsmTools.psd1'
    Import-Module $manifest
    $cmdlets = foreach ($cmdlet in Get-Command -Module SsmTools | Where-Object Name -Match "^[$Letters]") {
        $examples = foreach ($example in (Get-Help $cmdlet.Name -Full).examples.example) {
            @{ Title = $example.title.Trim('- '); Code = $example.code }
        }
        @{ Name = $cmdlet.Name; Examples = $examples }
    }
}

BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sshd.ps1
    $sshd = if (-not $SshdMissing) { Start-TestSshd }
    # As if it were installed: an example that starts a PowerShell of its own finds it there.
    $installed = New-Item (Join-Path $TestDrive 'modules/SsmTools') -ItemType Directory
    'SsmTools.psd1', 'bin', 'en-US' | ForEach-Object { Copy-Item (Join-Path (Split-Path $Manifest) $_) $installed -Recurse }
    $env:PSModulePath = (Split-Path $installed) + [IO.Path]::PathSeparator + $env:PSModulePath
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $script:instance = New-SsmInstanceRole web | New-SsmInstance $subnet -Name web-1
    $null = $script:instance | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-TestSshd $sshd
    Stop-SsmSandbox
}

Describe 'The examples of <Name>' -ForEach $cmdlets {
    It '<Title>' -ForEach $Examples {
        # The ids in the text stand for those of the reader; here they are the sandbox's.
        $line = $Code.Replace('subnet-0a1b2c3d4e5f60718', $subnet).Replace('i-0123456789abcdef0', $script:instance.InstanceId).
            Replace('vpc-0a1b2c3d4e5f60718', $sandbox.VpcId)
        if ($line -match '-KeyFile ~|^ssh ') {
            if (-not $sshd) {
                Set-ItResult -Skipped -Because $SshdMissing
            }
            $line = $line.Replace('ec2-user', $sshd.UserName).
                Replace(' -KeyFile ~/.ssh/id_ed25519', " -KeyFile $($sshd.KeyFile) -Port $($sshd.Port) -SshOption @{ UserKnownHostsFile = '$($sshd.Folder)/known'; StrictHostKeyChecking = 'no'; LogLevel = 'ERROR' }").
                Replace('ssh -o ', "ssh -F none -i $($sshd.KeyFile) -p $($sshd.Port) -o UserKnownHostsFile=$($sshd.Folder)/known -o StrictHostKeyChecking=no -o LogLevel=ERROR -o ")
        }
        $child = Invoke-Child "`$ErrorActionPreference = 'Stop'; $line" "exit`n"
        $child.Errors | Should -BeNullOrEmpty
        $child.ExitCode | Should -Be 0
        # An example that ends an instance must not end the next one's.
        $script:instance = New-SsmInstanceRole web | New-SsmInstance $subnet -Name web-1
        $null = $script:instance | Test-SsmRegistration -Wait
    }
}
