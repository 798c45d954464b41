BeforeDiscovery {
    $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'SsmTools.psd1'
    Import-Module $manifest
    $cmdlets = Get-Command -Module SsmTools | ForEach-Object { @{ Name = $_.Name } }
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
    It 'has <_>' -ForEach 'about_SsmTools', 'about_SsmTools_Doctor', 'about_SsmTools_Sandbox', 'about_SsmTools_Tunnels' {
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
    }
}
