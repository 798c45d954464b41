BeforeAll {
    . $PSScriptRoot/common.ps1
    . $PSScriptRoot/sandboxapi.ps1
    $sandbox = Start-TestSandbox
    $WarningPreference = 'SilentlyContinue'

    # What the agent does when it registers: the one call that is not signed.
    function Join-Machine($Activation) {
        $rsa = [Security.Cryptography.RSA]::Create(2048)
        $body = @{
            ActivationId = $Activation.ActivationId
            ActivationCode = $Activation.ActivationCode | ConvertFrom-SecureString -AsPlainText
            Fingerprint = "$(New-Guid)"
            PublicKey = [Convert]::ToBase64String($rsa.ExportSubjectPublicKeyInfo())
            PublicKeyType = 'Rsa'
        } | ConvertTo-Json
        $headers = @{ 'X-Amz-Target' = 'AmazonSSM.RegisterManagedInstance' }
        (Invoke-RestMethod $sandbox.Endpoint -Method Post -Body $body -ContentType 'application/x-amz-json-1.1' -Headers $headers).InstanceId
    }
}

AfterAll {
    Stop-SsmSandbox
}

Describe 'Unregister-SsmNode' {
    It 'takes off a node by name, and with it activation and role' {
        $activation = Register-SsmNode desk
        $id = Join-Machine $activation
        $node = Get-SsmInstance $id
        $node.Name | Should -Be desk
        $node.Managed | Should -BeTrue
        Unregister-SsmNode desk -Confirm:$false -PassThru | Should -Be $id
        Get-SsmInstance -Managed | Should -BeNullOrEmpty
        $said = Invoke-Child "Unregister-SsmNode -ActivationId $($activation.ActivationId) -Confirm:`$false"
        $said.Output | Should -Match 'nothing to remove'
    }

    It 'takes activations and nodes from the pipeline' {
        $null = Register-SsmNode piped -OutVariable activation
        $id = Join-Machine $activation[0]
        Get-SsmInstance $id | Unregister-SsmNode -Confirm:$false -PassThru | Should -Be $id
        $again = Register-SsmNode piped
        $again | Unregister-SsmNode -Confirm:$false
        (Register-SsmNode piped -WarningVariable said).Name | Should -Be piped
        "$said" | Should -Not -Match $again.ActivationId
    }

    It 'says each step with -WhatIf and takes none' {
        $activation = Register-SsmNode kept
        $id = Join-Machine $activation
        $said = Invoke-Child "Unregister-SsmNode $id -WhatIf"
        $said.Output | Should -Match "What if: .*Delete the activation.*$($activation.ActivationId)"
        $said.Output | Should -Match "What if: .*Deregister the node kept.*$id"
        (Get-SsmInstance $id).Managed | Should -BeTrue
    }

    It 'refuses instances, and names what is not there' {
        $role = New-SsmInstanceRole web
        $instance = $role | New-SsmInstance $sandbox.Subnets.Isolated[0]
        $failed = Get-Failure { Unregister-SsmNode $instance.InstanceId -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed NodeNotHybrid InvalidArgument $instance.InstanceId
        $failed = Get-Failure { Unregister-SsmNode nobody -Confirm:$false -ErrorAction Stop }
        $failed.TargetObject | Should -Be nobody
    }

    It 'keeps what this module did not make, unless it is forced' {
        $null = Register-SsmNode theirs -RoleName theirs
        $made = Invoke-SignedRequest ssm 'application/x-amz-json-1.1' '{"IamRole":"theirs"}' 'AmazonSSM.CreateActivation'
        $failed = Get-Failure { Unregister-SsmNode -ActivationId $made.ActivationId -Confirm:$false -ErrorAction Stop }
        Assert-Error $failed NodeNotManaged InvalidOperation $made.ActivationId
        Unregister-SsmNode -ActivationId $made.ActivationId -Confirm:$false -Force
    }

    It 'completes nodes and activations' {
        $activation = Register-SsmNode complete -RegistrationLimit 2
        $id = Join-Machine $activation
        (Complete "Unregister-SsmNode $($id.Substring(0, 8))").CompletionText | Should -Contain $id
        (Complete 'Unregister-SsmNode -ActivationId compl').CompletionText | Should -Contain $activation.ActivationId
    }
}
