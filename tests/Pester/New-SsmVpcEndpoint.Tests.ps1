BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $PSDefaultParameterValues['*:WarningAction'] = 'SilentlyContinue'
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmVpcEndpoint' {
    It 'changes nothing where all is well, and returns what serves' {
        $endpoints = New-SsmVpcEndpoint -SubnetId $sandbox.Subnets.Isolated -WarningVariable told
        $endpoints | Should -BeOfType SsmTools.Output.SsmVpcEndpoint
        $endpoints.Service | Should -Be 'ssm', 'ssmmessages'
        $endpoints.State | Should -Be 'available', 'available'
        $endpoints.VpcId | Should -Be $sandbox.VpcId, $sandbox.VpcId
        $told | Should -BeNullOrEmpty
    }

    It 'opens a subnet that the endpoints kept out, and its instance registers' {
        $null = New-SsmInstanceRole web
        $instance = New-SsmInstance $sandbox.Subnets.Dead[0] -InstanceProfileName web -Name dead -SecurityGroupId $sandbox.SecurityGroupId
        $null = New-SsmVpcEndpoint -SubnetId $sandbox.Subnets.Dead[0]
        $instance | Remove-SsmInstance -Confirm:$false
        $again = New-SsmInstance $sandbox.Subnets.Dead[0] -InstanceProfileName web -SecurityGroupId $sandbox.SecurityGroupId
        ($again | Test-SsmRegistration -Wait -Timeout 60).Registered | Should -BeTrue
    }

    It 'adds endpoints to a network from the pipeline, and tells their price' {
        $made = New-SsmNetwork lab | New-SsmVpcEndpoint -Service kms, s3 -Tag @{ Stage = 'test' } -WarningVariable told
        $made.Service | Should -Be 'kms', 's3'
        $made.Kind | Should -Be 'Interface', 'Gateway'
        $made[0].SubnetId | Should -HaveCount 2
        $made[0].PrivateDns | Should -BeTrue
        "$told" | Should -Match 'eu-west-1a 7\.30 USD a month; eu-west-1b 7\.30 USD a month; together 14\.60'
        Remove-SsmNetwork lab -Confirm:$false -ErrorAction Stop
    }

    It 'says each change in words with -WhatIf, and makes none' {
        $said = Invoke-Child "New-SsmVpcEndpoint $($sandbox.VpcId) -Service logs -WhatIf"
        $said.Output | Should -Match 'WARNING: Interface endpoints cost money'
        $said.Output | Should -Match 'What if: .*Create the security group of the endpoints'
        $said.Output | Should -Match 'What if: .*\.logs with private DNS in eu-west-1a, eu-west-1b, about 14\.60 USD a month'
        (Invoke-Child "New-SsmVpcEndpoint $($sandbox.VpcId) -Service logs -WhatIf").Output | Should -Be $said.Output
    }

    It 'names a VPC, a subnet or a service that is not there' {
        $missing = 'vpc-0123456789abcdef0'
        Assert-Error (Get-Failure { New-SsmVpcEndpoint $missing -ErrorAction Stop }) VpcNotFound ObjectNotFound $missing
        $subnet = 'subnet-0123456789abcdef0'
        Assert-Error (Get-Failure { New-SsmVpcEndpoint -SubnetId $subnet -ErrorAction Stop }) SubnetNotFound ObjectNotFound $subnet
        $failed = Get-Failure { New-SsmVpcEndpoint $sandbox.VpcId -Service rds -ErrorAction Stop }
        $failed.FullyQualifiedErrorId | Should -BeLike 'ServiceUnknown,*'
        $failed.ErrorDetails.RecommendedAction | Should -Match 'ssm, ssmmessages, ec2messages, s3, logs, kms'
    }

    It 'completes VPCs and services' {
        (Complete 'New-SsmVpcEndpoint sandb').CompletionText | Should -Be $sandbox.VpcId
        (Complete 'New-SsmVpcEndpoint -Service k').CompletionText | Should -Be 'kms'
    }

    It 'shows a table that fits 80 columns' {
        $lines = New-SsmVpcEndpoint $sandbox.VpcId | Format-Table | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match 'EndpointId +Service +Kind +State +VpcId'
        $lines -join "`n" | Should -Match 'vpce-[0-9a-f]{17} +ssmmessages +Interface +available +vpc-[0-9a-f]{17}'
    }
}
