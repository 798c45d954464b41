BeforeAll {
    . $PSScriptRoot/common.ps1
    $sandbox = Start-TestSandbox
    . $PSScriptRoot/sandboxapi.ps1
    $web = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name web-1 -Tag @{ Team = 'web' }
    $db = New-SsmInstanceRole web | New-SsmInstance $sandbox.Subnets.Isolated[0] -Name db-1 -Tag @{ Team = 'db' }
    $null = $web, $db | Test-SsmRegistration -Wait
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'New-SsmAccessPolicy' {
    It 'writes a policy that the simulator has confirmed, and changes nothing' {
        $policy = New-SsmAccessPolicy -NodeTag @{ Team = 'web' }
        $policy | Should -BeOfType SsmTools.Output.SsmAccessPolicy
        $policy.Verified | Should -BeTrue
        $policy.Arn | Should -BeNullOrEmpty
        $policy.Checks.Passed | Should -Not -Contain $false
        ($policy.Json | ConvertFrom-Json).Statement[0].Condition.StringEquals.'ssm:resourceTag/Team' | Should -Be 'web'
        $policy.Length | Should -BeLessThan 6144
    }

    It 'writes the same text for the same request with -AsJson' {
        $first = New-SsmAccessPolicy -NodeTag @{ Team = 'web', 'db'; Stage = 'test' } -AsJson
        $second = New-SsmAccessPolicy -NodeTag @{ Stage = 'test'; Team = 'db', 'web' } -AsJson
        $first | Should -BeOfType string
        $second | Should -BeExactly $first
    }

    It 'lets an operator into tagged nodes, and nowhere else' {
        New-IamUser ann
        $policy = New-SsmAccessPolicy web-ops -NodeTag @{ Team = 'web' } -UserName ann
        $policy.AttachedTo | Should -Be 'user/ann'
        $policy.Verified | Should -BeTrue
        $key = New-IamKey ann

        $child = Invoke-Child "Enter-SsmSession web-1 -AccessKey $($key.AccessKey) -SecretKey $($key.SecretKey)" "echo hello-`$((6*7))`nexit`n"
        $child.Output | Should -Match 'hello-42'

        $failed = Get-Failure { Enter-SsmSession db-1 @key -ErrorAction Stop }
        Assert-Error $failed AccessDenied PermissionDenied $db.InstanceId
        "$failed" | Should -Match 'ssm:StartSession'
        { New-SsmTunnel web-1 80 @key -ErrorAction Stop } | Should -Throw -ErrorId 'AccessDenied*'
    }

    It 'lets ports through where that was asked for' {
        New-IamUser bob
        $null = New-SsmAccessPolicy web-ports -NodeTag @{ Team = 'web' } -AllowPortForwarding -UserName bob
        $key = New-IamKey bob
        $tunnel = New-SsmTunnel web-1 80 @key
        $tunnel.State | Should -Be 'Open'
        $tunnel | Remove-SsmTunnel
        { New-SsmTunnel web-1 80 -RemoteHost 127.0.0.1 @key -ErrorAction Stop } | Should -Throw -ErrorId 'AccessDenied*'
    }

    It 'lets scripts be run on tagged nodes where that was asked for' {
        New-IamUser carol
        $null = New-SsmAccessPolicy web-run -NodeTag @{ Team = 'web' } -AllowRunCommand -UserName carol
        $key = New-IamKey carol
        (Invoke-SsmCommand web-1 -Command 'echo ran' @key).Output.Trim() | Should -Be 'ran'
        { Invoke-SsmCommand db-1 -Command 'echo ran' @key -ErrorAction Stop } | Should -Throw -ErrorId 'AccessDenied*'
    }

    It 'says each step with -WhatIf and takes none' {
        New-IamUser dora
        $said = (Invoke-Child "New-SsmAccessPolicy what -AllNodes -UserName dora -WhatIf").Output
        $said | Should -Match 'What if: .*Make the policy \(\d+ characters\).* "policy what"'
        $said | Should -Match 'Attach policy what.* "user dora"'
        (Complete 'Remove-SsmAccessPolicy wha').CompletionText | Should -BeNullOrEmpty
    }

    It 'warns of what other policies allow beside it' {
        $null = New-SsmInstanceRole mighty
        $null = Invoke-Iam "Action=PutRolePolicy&RoleName=mighty&PolicyName=all&PolicyDocument=$([uri]::EscapeDataString('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:*","Resource":"*"}]}'))"
        $policy = New-SsmAccessPolicy mighty-ops -NodeTag @{ Team = 'web' } -RoleName mighty -WarningVariable warned -WarningAction SilentlyContinue
        $policy.Verified | Should -BeFalse
        $warned | Should -Match 'role/mighty may also ssm:StartSession'
    }

    It 'shows what it tried in a table of 80 columns' {
        $text = (New-SsmAccessPolicy -NodeTag @{ Team = 'web' }).Checks | Format-Table | Out-String -Width 80
        $text | Should -Match 'Passed Expected Decision\s+Action\s+Case'
        $text | Should -Match 'True\s+Denied\s+implicitDeny ssm:StartSession\s+on a node with another Team'
    }

    It 'offers documents' {
        (Complete 'New-SsmAccessPolicy -DocumentName AWS-StartS').CompletionText | Should -Contain 'AWS-StartSSHSession'
    }

    It 'refuses what cannot be' {
        Assert-Error (Get-Failure { New-SsmAccessPolicy -ErrorAction Stop }) NodesNotNamed InvalidArgument 'New-SsmAccessPolicy'
        Assert-Error (Get-Failure { New-SsmAccessPolicy -AllNodes -UserName ann -ErrorAction Stop }) AccessPolicyNameMissing InvalidArgument 'New-SsmAccessPolicy'
        Assert-Error (Get-Failure { New-SsmAccessPolicy x -AllNodes -UserName nobody -ErrorAction Stop }) PrincipalNotFound ObjectNotFound 'x'
        Assert-Error (Get-Failure { New-SsmAccessPolicy -InstanceId 'i-*' -ErrorAction Stop }) NodeIdInvalid InvalidArgument 'New-SsmAccessPolicy'
        $null = Invoke-Iam "Action=CreatePolicy&PolicyName=foreign&PolicyDocument=$([uri]::EscapeDataString('{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'))"
        Assert-Error (Get-Failure { New-SsmAccessPolicy foreign -AllNodes -ErrorAction Stop }) AccessPolicyExists ResourceExists 'foreign'
    }
}
