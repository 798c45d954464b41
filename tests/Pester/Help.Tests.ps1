BeforeDiscovery {
    $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'SsmTools.psd1'
    Import-Module $manifest
    $cmdlets = Get-Command -Module SsmTools | ForEach-Object { @{ Name = $_.Name } }
    $examples = foreach ($cmdlet in $cmdlets) {
        foreach ($example in (Get-Help $cmdlet.Name -Full).examples.example) {
            @{ Name = $cmdlet.Name; Title = $example.title.Trim('- '); Code = $example.code }
        }
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

Describe 'Get-Help <Name>' -ForEach $cmdlets {
    It 'shows what it is, how it is called, each parameter and examples' {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -Match ([regex]::Escape($Name)) -Because 'that is what Get-Help makes up'
        $help.Description.Text | Should -Not -BeNullOrEmpty
        $syntax = $help.syntax | Out-String
        foreach ($parameter in (Get-Command $Name).Parameters.Values) {
            if ($parameter.Name -in [System.Management.Automation.Cmdlet]::CommonParameters) {
                continue
            }
            $syntax | Should -Match "-$($parameter.Name)\b"
            (Get-Help $Name -Parameter $parameter.Name).description.Text | Should -Not -BeNullOrEmpty
        }
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
    }

    It 'states the defaults that the cmdlet has' {
        $command = Get-Command $Name
        $fresh = [Activator]::CreateInstance($command.ImplementingType)
        foreach ($parameter in @(Get-Help $Name -Parameter * -ErrorAction Ignore)) {
            $property = $command.ImplementingType.GetProperty($parameter.name)
            $actual = if ($property) { $property.GetValue($fresh) }
            if ($actual -is [string] -and $actual -or $actual -is [int] -or $actual -is [timespan]) {
                $parameter.defaultValue | Should -Be "$actual" -Because "-$($parameter.name) begins so"
            }
        }
    }
}

Describe 'Topics' {
    It 'has <_>' -ForEach 'about_SsmTools', 'about_SsmTools_Doctor', 'about_SsmTools_Sandbox' {
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
    }
}

Describe 'The examples of <Name>' -ForEach ($examples | Group-Object { $_.Name } | ForEach-Object {
        @{ Name = $_.Name; Examples = $_.Group }
    }) {
    It '<Title>' -ForEach $Examples {
        # The ids in the text stand for those of the reader; here they are the sandbox's.
        $line = $Code.Replace('subnet-0a1b2c3d4e5f60718', $subnet).Replace('i-0123456789abcdef0', $script:instance.InstanceId).
            Replace('vpc-0a1b2c3d4e5f60718', $sandbox.VpcId)
        if ($line -match '-KeyFile ~|^ssh |\nssh ') {
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
