// Command kube-server holds two programs, the API server of Kubernetes and its store, so that tests can speak to the
// real thing on loopback: `kube-server etcd …` and `kube-server kube-apiserver …`, with the flags of each.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	program := ""
	if len(os.Args) > 1 {
		program, os.Args = os.Args[1], os.Args[1:]
	}
	switch program {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(app.NewAPIServerCommand()))
	default:
		fmt.Fprintln(os.Stderr, "usage: kube-server etcd|kube-apiserver [flags]")
		os.Exit(2)
	}
}
