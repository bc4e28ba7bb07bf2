//! How requests reach Pods: Services, Ingresses, and the containers behind them.

pub mod alb;
pub mod backend;
pub mod ingress;
pub mod service;
pub mod serving;
