// The backend behind /orders: verify ISSUER TOKEN
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"
)

func main() {
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, os.Args[1])
	if err != nil {
		refuse(err)
	}
	verifier := provider.Verifier(&oidc.Config{
		ClientID:             "orders",
		SupportedSigningAlgs: []string{oidc.ES256, oidc.RS256},
	})
	token, err := verifier.Verify(ctx, os.Args[2])
	if err != nil {
		refuse(err)
	}
	fmt.Println(token.Subject)
}

func refuse(err error) {
	fmt.Fprintln(os.Stderr, "refused:", err)
	os.Exit(1)
}
