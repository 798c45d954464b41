BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmNetwork' {
    It 'makes a network, and an instance in it registers by itself' {
        $null = New-SsmInstanceRole web
        $network = New-SsmNetwork lab -ZoneCount 1 -Tag @{ Stage = 'test' } -WarningAction SilentlyContinue
        $network | Should -BeOfType SsmTools.Output.SsmNetwork
        $network.NetworkName | Should -Be 'lab'
        $network.VpcId | Should -Match '^vpc-[0-9a-f]{17}$'
        $network.Cidr | Should -Be '10.10.0.0/23'
        $network.SubnetId | Should -HaveCount 1
        $network.EndpointId | Should -HaveCount 2
        $network.AvailabilityZone | Should -Be 'eu-west-1a'

        $instance = $network | New-SsmInstance -InstanceProfileName web
        $instance.Name | Should -BeNullOrEmpty -Because 'the name is the network''s'
        $instance.SubnetId | Should -Be $network.SubnetId[0]
        $instance.VpcId | Should -Be $network.VpcId
        ($instance | Test-SsmRegistration -Wait -Timeout 60).Registered | Should -BeTrue
    }

    It 'tells the price before it makes anything, and nothing when nothing is missing' {
        $null = New-SsmNetwork priced -Cidr 10.20.0.0/23 -WarningVariable told -WarningAction SilentlyContinue
        "$told" | Should -Match 'eu-west-1a 14\.60 USD a month; eu-west-1b 14\.60 USD a month; together 29\.20 USD a month'
        "$told" | Should -Match 'list price of us-east-1, \w+ \d{4}: 0\.01 USD an hour and zone'
        $null = New-SsmNetwork priced -WarningVariable again -WarningAction SilentlyContinue
        $again | Should -BeNullOrEmpty
    }

    It 'keeps what is there' {
        $first = 'one', 'two' | New-SsmNetwork -WarningAction SilentlyContinue
        $first | Should -HaveCount 2
        $second = New-SsmNetwork one
        $second.VpcId | Should -Be $first[0].VpcId
        $second.EndpointId | Should -Be $first[0].EndpointId
    }

    It 'says each change in words with -WhatIf, and makes none' {
        $said = Invoke-Child 'New-SsmNetwork never -Service s3 -WhatIf'
        $said.Output | Should -Match 'WARNING: Interface endpoints cost money'
        $said.Output | Should -Match 'What if: .*Create the VPC, 10\.10\.0\.0/23'
        $said.Output | Should -Match 'What if: .*\.ssm with private DNS in eu-west-1a, eu-west-1b, about 14\.60 USD a month'
        $said.Output | Should -Match 'What if: .*Create the gateway endpoint com\.amazonaws\.eu-west-1\.s3, without charge'
        $null = Remove-SsmNetwork never -Confirm:$false -WarningVariable none -WarningAction SilentlyContinue
        "$none" | Should -Be 'There is no network never: nothing to remove.'
    }

    It 'names what conflicts, and the good ones of a pipeline go on' {
        $null = New-SsmNetwork there -WarningAction SilentlyContinue
        $failed = Get-Failure { New-SsmNetwork there -Cidr 10.99.0.0/23 -ErrorAction Stop }
        Assert-Error $failed NetworkConflict ResourceExists there
        "$failed" | Should -Match 'has the range 10\.10\.0\.0/23, not 10\.99\.0\.0/23'
        $made = 'la*', 'there' | New-SsmNetwork -ErrorAction SilentlyContinue -ErrorVariable errors
        Assert-Error $errors[0] NetworkNameInvalid InvalidArgument 'la*'
        $made.NetworkName | Should -Be 'there'
    }

    It 'names a range that is nonsense or too small: <Cidr>' -ForEach @(
        @{ Cidr = 'nonsense'; Id = 'CidrInvalid' }
        @{ Cidr = '10.10.1.0/23'; Id = 'CidrInvalid' }
        @{ Cidr = '10.10.0.0/28'; Id = 'CidrTooSmall' }
    ) {
        $failed = Get-Failure { New-SsmNetwork small $Cidr -ErrorAction Stop }
        Assert-Error $failed $Id InvalidArgument small
        "$failed" | Should -Match ([regex]::Escape($Cidr))
    }

    It 'completes services and zones' {
        (Complete 'New-SsmNetwork lab -Service ssm').CompletionText | Should -Be 'ssm', 'ssmmessages'
        (Complete 'New-SsmNetwork lab -AvailabilityZone eu-west-1b').CompletionText | Should -Be 'eu-west-1b'
    }

    It 'shows a table that fits 80 columns' {
        $lines = New-SsmNetwork there | Format-Table | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match 'Name +VpcId +Cidr +AvailabilityZone'
        $lines -join "`n" | Should -Match 'there +vpc-[0-9a-f]{17} +10\.10\.0\.0/23 +\{eu-west-1a, eu-west-1b\}'
    }
}
