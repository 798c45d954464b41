BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    $subnet = $sandbox.Subnets.Isolated[0]
    $role = New-SsmInstanceRole web
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmInstance' {
    It 'starts an instance with the profile from the pipeline' {
        $instance = $role | New-SsmInstance -SubnetId $subnet -Name web-1 -Tag @{ Stage = 'test' }
        $instance | Should -BeOfType SsmTools.Output.SsmInstance
        $instance.InstanceId | Should -Match '^i-[0-9a-f]{17}$'
        $instance.Name | Should -Be 'web-1'
        $instance.InstanceType | Should -Be 't3.nano'
        $instance.SubnetId | Should -Be $subnet
        $instance.InstanceProfileArn | Should -Be $role.InstanceProfileArn
        $instance.Tags['Stage'] | Should -Be 'test'
    }

    It 'waits for a profile that EC2 cannot see yet' {
        $instance = New-SsmInstanceRole fresh | New-SsmInstance $subnet -ErrorAction Stop
        $instance.InstanceProfileArn | Should -Match 'instance-profile/fresh$'
    }

    It 'makes a named instance once, however often it is run' {
        $first = New-SsmInstance $subnet -InstanceProfileName web -Name once
        (New-SsmInstance $subnet -InstanceProfileName web -Name once).InstanceId | Should -Be $first.InstanceId
    }

    It 'starts as many as are wanted, each its own object' {
        $many = New-SsmInstance $subnet -InstanceProfileName web -Count 3
        $many | Should -HaveCount 3
        $many.InstanceId | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'takes the image for the processor of the type' {
        (New-SsmInstance $subnet -InstanceProfileName web -InstanceType t4g.nano -Image Debian12).Architecture |
            Should -Be 'arm64'
    }

    It 'takes a subnet as a list of one, and as an object that has a SubnetId' {
        (New-SsmInstance -SubnetId $sandbox.Subnets.Isolated[0..0] -InstanceProfileName web).SubnetId | Should -Be $subnet
        $object = [pscustomobject]@{ SubnetId = $subnet }
        (New-SsmInstance -SubnetId $object -InstanceProfileName web).SubnetId | Should -Be $subnet
    }

    It 'spreads over subnets, and launches what is missing when it is run again' {
        $first = New-SsmInstance $sandbox.Subnets.Isolated -InstanceProfileName web -Name spread -Count 3
        $first | Group-Object SubnetId | ForEach-Object Count | Sort-Object | Should -Be 1, 2
        $again = New-SsmInstance $sandbox.Subnets.Isolated -InstanceProfileName web -Name spread -Count 4
        $again | Should -HaveCount 4
        $first.InstanceId | ForEach-Object { $again.InstanceId | Should -Contain $_ }
        $again | Group-Object SubnetId | ForEach-Object Count | Should -Be 2, 2
    }

    It 'takes subnets and group from an object that has them' {
        $network = [pscustomobject]@{ SubnetId = [string[]] $sandbox.Subnets.Isolated; SecurityGroupId = $sandbox.SecurityGroupId }
        $instances = $network | New-SsmInstance -InstanceProfileName web -Count 2
        $instances.SubnetId | Sort-Object | Should -Be ($sandbox.Subnets.Isolated | Sort-Object)
        (Get-Failure { New-SsmInstance -SubnetId ([pscustomobject]@{ Zone = 'a' }) }).FullyQualifiedErrorId |
            Should -BeLike 'ParameterArgumentTransformationError,*'
    }

    It 'waits until they are registered, with -Wait' {
        $ready = New-SsmInstance $subnet -InstanceProfileName web -Name ready -Count 2 -Wait -ErrorAction Stop
        $ready | Should -HaveCount 2
        $ready | ForEach-Object { $_.PingStatus | Should -Be 'Online'; $_.State | Should -Be 'running' }
    }

    It 'returns one that did not register in time, and an error for it' {
        $late = New-SsmInstance $sandbox.Subnets.Dead -InstanceProfileName web -Name late -Wait -Timeout 0.5 `
            -ErrorVariable errors -ErrorAction SilentlyContinue
        $late.Managed | Should -BeFalse
        Assert-Error $errors[0] RegistrationTimeout OperationTimeout $late.InstanceId
    }

    It 'offers subnets of zones that have the type' {
        $failed = Get-Failure {
            New-SsmInstance $sandbox.Subnets.Isolated[1] -InstanceProfileName web -InstanceType c7g.large -ErrorAction Stop
        }
        Assert-Error $failed InstanceTypeNotInZone InvalidArgument $sandbox.Subnets.Isolated[1]
        $failed.ErrorDetails.RecommendedAction | Should -Match ([regex]::Escape($sandbox.Subnets.Isolated[0]))
    }

    It 'says what it would start with -WhatIf and starts nothing' {
        $said = Invoke-Child "New-SsmInstance $subnet -InstanceProfileName web -Name never -WhatIf"
        $said.Output | Should -Match 'What if: '
        $said.Output | Should -Match 't3\.nano'
        (Get-Failure { Test-SsmRegistration never -ErrorAction Stop }).FullyQualifiedErrorId | Should -BeLike 'TargetNotFound,*'
    }

    It 'names a subnet, an image or a profile that is not there' {
        $missing = 'subnet-0123456789abcdef0'
        $failed = Get-Failure { New-SsmInstance $missing -ErrorAction Stop }
        Assert-Error $failed SubnetNotFound ObjectNotFound $missing
        $failed = Get-Failure { New-SsmInstance $subnet -Image ami-0123456789abcdef0 -ErrorAction Stop }
        Assert-Error $failed ImageNotFound ObjectNotFound $subnet
        $failed = Get-Failure { New-SsmInstance $subnet -InstanceProfileName nobody -ErrorAction Stop }
        Assert-Error $failed InstanceProfileNotFound ObjectNotFound $subnet
    }

    It 'completes images and instance types' {
        (Complete 'New-SsmInstance -Image Win').CompletionText | Should -Be 'WindowsServer2025', 'WindowsServer2022', 'WindowsServer2019'
        (Complete 'New-SsmInstance -InstanceType t4g.n').CompletionText | Should -Be 't4g.nano'
    }

    It 'shows a table that fits 80 columns' {
        $lines = $role | New-SsmInstance $subnet -Name web-1 | Format-Table | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match 'InstanceId +Name +State +SubnetId'
        $lines -join "`n" | Should -Match "web-1 +(pending|running) +$subnet"
    }
}
